const listeners = new Set<() => void>();
let epoch = 0;

/** How often the engine has been started anew. Apart from the engine, which is loaded later than those who ask. */
export function engineEpoch(): number {
  return epoch;
}

/** Told when views have to be opened again; gives back what ends it. */
export function whenEpochBegins(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** For the engine alone. */
export function beginEpoch(): void {
  epoch += 1;
  for (const listener of listeners) listener();
}
