/** Reads a JSON column that this program wrote itself; the type is the writer's promise. */
export function parseColumn<T>(text: string): T {
  return JSON.parse(text) as T;
}
