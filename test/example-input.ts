/** The parts of a JSON schema that this can make an example for. */
type Schema = {
  type?: string;
  const?: unknown;
  default?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  minimum?: number;
  minLength?: number;
  pattern?: string;
  format?: string;
};

/**
 * The smallest value that a schema takes. What has a pattern has to be named in `known`, by the name of the property.
 *
 * @throws {Error} for a text with a pattern that is not named
 */
export function exampleOf(schema: Schema, known: Readonly<Record<string, unknown>>, name = ''): unknown {
  if (Object.hasOwn(known, name)) return known[name];
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf?.[0]) return exampleOf(schema.anyOf[0], known, name);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((property) => [property, exampleOf(schema.properties?.[property] ?? {}, known, property)]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => exampleOf(schema.items ?? {}, known, name));
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'string':
      return textOf(schema, name);
    default:
      return {};
  }
}

function textOf({ pattern, format, minLength = 1 }: Schema, name: string): string {
  if (pattern !== undefined) throw new Error(`No example for \`${name}\`, which matches ${pattern}: add it to KNOWN in the test`);
  if (format === 'date-time') return '2030-01-01T00:00:00.000Z';
  if (format === 'date') return '2030-01-01';
  if (format === 'uuid') return ABSENT_ID;
  if (format === 'email') return 'somebody@example.org';
  if (format === 'uri') return 'https://example.org/';
  return 'x'.repeat(minLength);
}

/** An id that nothing has. */
export const ABSENT_ID = '00000000-0000-7000-8000-000000000000';
