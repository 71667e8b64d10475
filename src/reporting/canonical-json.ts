/** A value that JSON cannot carry unchanged, so that a hash over it would mean nothing. */
export class CanonicalJsonError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CanonicalJsonError';
  }
}

/**
 * The one spelling of a JSON value (RFC 8785): no white space, members sorted by UTF-16 code units, numbers and escapes as ECMAScript
 * writes them. Equal values give equal text; its UTF-8 bytes are what is hashed.
 *
 * Members that are `undefined` are refused rather than dropped: what was signed must be what was given.
 *
 * @throws {CanonicalJsonError} for NaN, infinities, lone surrogates, cycles and anything that is not plain JSON
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

function write(value: unknown, parents: readonly object[]): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'string') return writeString(value);
  if (typeof value !== 'object') throw new CanonicalJsonError(`A ${typeof value} is not JSON`);
  if (parents.includes(value)) throw new CanonicalJsonError('A cycle is not JSON');

  const inner = [...parents, value];
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, inner)).join(',')}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new CanonicalJsonError('Only plain objects are JSON');
  // The default order of sort() is by UTF-16 code units, which is what RFC 8785 3.2.3 asks for.
  const names = Object.keys(value).sort();
  const record = value as Record<string, unknown>; // safe: a plain object, read by its own keys only
  return `{${names.map((name) => `${writeString(name)}:${write(record[name], inner)}`).join(',')}}`;
}

/** RFC 8785 3.2.2.3: ECMAScript's shortest form; negative zero is written 0. */
function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new CanonicalJsonError(`${value} is not JSON`);
  return JSON.stringify(value);
}

function writeString(value: string): string {
  if (!value.isWellFormed()) throw new CanonicalJsonError('A lone surrogate has no UTF-8 form');
  return JSON.stringify(value);
}
