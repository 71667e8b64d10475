import type { Vr } from './data-set.ts';

/** Registration number of a character set in ISO's register, or the name of one that stands outside of ISO 2022. */
type Registration = number | 'GB18030' | 'GBK';

/** What the bytes mean until an escape sequence says otherwise: G0 below 0x80, G1 above. */
type Shift = { g0: 'ascii' | 'jis-x-0208' | 'jis-x-0212'; g1: string };

/** Windows-1252 holds all of ISO 8859-1's characters, and is what broken writers mean by it. */
const LATIN_1 = 'windows-1252';
const ESCAPE = 0x1b;
const BACKSLASH = 0x5c;

/** WHATWG labels of the sets of PS3.3 tables C.12-2 to C.12-4 that are used above 0x80 (G1) or as a whole. */
const labels = new Map<Registration, string>([
  [6, LATIN_1],
  [13, 'shift_jis'],
  [100, LATIN_1],
  [101, 'iso-8859-2'],
  [109, 'iso-8859-3'],
  [110, 'iso-8859-4'],
  [126, 'iso-8859-7'],
  [127, 'iso-8859-6'],
  [138, 'iso-8859-8'],
  [144, 'iso-8859-5'],
  [148, 'iso-8859-9'],
  [149, 'euc-kr'],
  [58, 'gbk'],
  [166, 'windows-874'],
  [192, 'utf-8'],
  [203, 'iso-8859-15'],
  ['GB18030', 'gb18030'],
  ['GBK', 'gbk'],
]);

/** Escape sequences after ESC, as text, and what they shift (PS3.3 tables C.12-3 and C.12-4). */
const shifts: readonly [string, Partial<Shift>][] = [
  ['(B', { g0: 'ascii' }],
  // JIS X 0201 Romaji differs from ASCII in the yen and overline signs only; both are read as ASCII.
  ['(J', { g0: 'ascii' }],
  ['$B', { g0: 'jis-x-0208' }],
  ['$@', { g0: 'jis-x-0208' }],
  ['$(D', { g0: 'jis-x-0212' }],
  [')I', { g1: 'shift_jis' }],
  ['-A', { g1: LATIN_1 }],
  ['-B', { g1: 'iso-8859-2' }],
  ['-C', { g1: 'iso-8859-3' }],
  ['-D', { g1: 'iso-8859-4' }],
  ['-F', { g1: 'iso-8859-7' }],
  ['-G', { g1: 'iso-8859-6' }],
  ['-H', { g1: 'iso-8859-8' }],
  ['-L', { g1: 'iso-8859-5' }],
  ['-M', { g1: 'iso-8859-9' }],
  ['-T', { g1: 'windows-874' }],
  ['-b', { g1: 'iso-8859-15' }],
  ['$)C', { g1: 'euc-kr' }],
  ['$)A', { g1: 'gbk' }],
];

const decoders = new Map<string, InstanceType<typeof TextDecoder>>();
const encoder = new TextEncoder();

/**
 * Text of a value field in the character sets that (0008,0005) names: every defined term of PS3.3 C.12.1.1.2, with the escape
 * sequences of ISO 2022 and their reset at delimiters (PS3.5 6.1.2.5.3). Several values stay in one text, backslashes between them.
 *
 * Never fails: an unknown term counts as Windows-1252, bytes without a meaning become U+FFFD. Where no set is named although there
 * are bytes above 0x7F, the text is taken for UTF-8 if it is valid UTF-8, for Windows-1252 if not.
 */
export function decodeText(bytes: Uint8Array, specificCharacterSet: readonly string[], vr: Vr): string {
  const registrations = specificCharacterSet.map(registrationOf);
  const first = registrations[0] ?? 6;
  if (first === 192 || first === 'GB18030' || first === 'GBK') return decode(bytes, labels.get(first) ?? LATIN_1);
  if (registrations.length > 1 || bytes.includes(ESCAPE)) return decodeIso2022(bytes, registrations, vr);
  if (first === 6) return decodeUndeclared(bytes);
  return decode(bytes, labels.get(first) ?? LATIN_1);
}

/** Whether `term` is a defined term of Specific Character Set (or a usual misspelling of one); text of others is a guess. */
export function isKnownCharset(term: string): boolean {
  const registration = registrationOf(term);
  return labels.has(registration) || registration === 87 || registration === 159;
}

/** UTF-8: the one character set that is written (ISO_IR 192). */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

function registrationOf(term: string): Registration {
  const name = term.trim().toUpperCase();
  if (name === '') return 6;
  if (name === 'GB18030') return 'GB18030';
  if (name.endsWith('GBK')) return 'GBK';
  if (/^UTF[-_ ]?8$/.test(name)) return 192;
  const number = /^ISO[-_ ]?(?:2022[-_ ]?)?(?:IR)?[-_ ]?(\d+)$/.exec(name)?.[1];
  return number === undefined ? Number.NaN : Number(number);
}

function decodeUndeclared(bytes: Uint8Array): string {
  const text = decode(bytes, 'utf-8');
  return text.includes('\uFFFD') ? decode(bytes, LATIN_1) : text;
}

function decode(bytes: Uint8Array, label: string): string {
  let decoder = decoders.get(label);
  if (decoder === undefined) {
    decoder = new TextDecoder(label, { ignoreBOM: true });
    decoders.set(label, decoder);
  }
  return decoder.decode(bytes);
}

function decodeIso2022(bytes: Uint8Array, registrations: readonly Registration[], vr: Vr): string {
  const initial = initialShift(registrations);
  let shift = initial;
  let position = 0;
  let text = '';
  while (position < bytes.length) {
    if (bytes[position] === ESCAPE) {
      const sequence = escapeAt(bytes, position + 1);
      shift = { ...shift, ...sequence.shift };
      position += 1 + sequence.length;
      continue;
    }
    const end = runEnd(bytes, position, shift);
    text += decodeRun(bytes.subarray(position, end), shift);
    if (resets(bytes[end - 1] ?? 0, shift, vr)) shift = initial;
    position = end;
  }
  return text;
}

/** Value 1 says what holds before the first escape; if it has nothing above 0x80, the first set that has counts for stray bytes. */
function initialShift(registrations: readonly Registration[]): Shift {
  const upper = registrations.find((registration) => registration !== 6 && labels.has(registration));
  return { g0: 'ascii', g1: (upper === undefined ? undefined : labels.get(upper)) ?? LATIN_1 };
}

function escapeAt(bytes: Uint8Array, position: number): { shift: Partial<Shift>; length: number } {
  const sequence = String.fromCharCode(...bytes.subarray(position, position + 3));
  const found = shifts.find(([code]) => sequence.startsWith(code));
  return found === undefined ? { shift: {}, length: 0 } : { shift: found[1], length: found[0].length };
}

/** End of the bytes from `position` on that one decoder reads; a control character or delimiter below 0x80 ends its run. */
function runEnd(bytes: Uint8Array, position: number, shift: Shift): number {
  const isUpper = (bytes[position] ?? 0) >= 0x80;
  let end = position;
  while (end < bytes.length) {
    const byte = bytes[end] ?? 0;
    if (byte === ESCAPE || byte >= 0x80 !== isUpper) break;
    end += 1;
    if (!isUpper && isBoundary(byte, shift)) break;
  }
  return end;
}

/** In two-byte sets the codes of delimiters are halves of characters; only control characters and space stand for themselves. */
function isBoundary(byte: number, shift: Shift): boolean {
  if (byte <= 0x20) return byte !== 0x20 || shift.g0 !== 'ascii';
  return shift.g0 === 'ascii' && (byte === BACKSLASH || byte === 0x5e || byte === 0x3d);
}

/** Delimiters after which the sets of value 1 hold again: line and page ends, tab, backslash, and in names ^ and =. */
function resets(byte: number, shift: Shift, vr: Vr): boolean {
  if (byte === 0x0a || byte === 0x0c || byte === 0x0d || byte === 0x09) return true;
  if (shift.g0 !== 'ascii') return false;
  return byte === BACKSLASH || (vr === 'PN' && (byte === 0x5e || byte === 0x3d));
}

function decodeRun(run: Uint8Array, shift: Shift): string {
  if ((run[0] ?? 0) >= 0x80) return decode(run, shift.g1);
  if (shift.g0 === 'ascii') return decode(run, LATIN_1);
  // The run's last byte may be a boundary that is no half of a character.
  const last = run[run.length - 1] ?? 0;
  const body = last <= 0x20 ? run.subarray(0, -1) : run;
  const tail = last <= 0x20 ? String.fromCharCode(last) : '';
  return decode(toEucJp(body, shift.g0), 'euc-jp') + tail;
}

/** JIS X 0208 in EUC-JP has the eighth bit set in both bytes, JIS X 0212 the prefix 0x8F besides. */
function toEucJp(pairs: Uint8Array, set: 'jis-x-0208' | 'jis-x-0212'): Uint8Array {
  const width = set === 'jis-x-0212' ? 3 : 2;
  const euc = new Uint8Array(Math.ceil(pairs.length / 2) * width).fill(0x80);
  for (let index = 0; index < pairs.length; index += 1) {
    const start = (index >> 1) * width;
    if (width === 3) euc[start] = 0x8f;
    euc[start + (width - 2) + (index & 1)] = (pairs[index] ?? 0) | 0x80;
  }
  return euc;
}
