/** A canonical Huffman code of ITU-T T.81 annex C, for writing: `codes` and `lengths` by symbol, a length of 0 for symbols without a code. */
export type HuffmanCode = { counts: Uint8Array; values: Uint8Array; codes: Uint16Array; lengths: Uint8Array };

/** An entropy-coded segment as it grows. */
export type BitSink = { bytes: Uint8Array; length: number; buffer: number; count: number };

/** T.81 K.2: codes have at most 16 bits. */
const MAX_CODE_LENGTH = 16;
const SYMBOLS = 256;

/**
 * The code that writes symbols of these frequencies in the fewest bits (T.81 K.2), with no code of ones alone.
 * @param frequencies how often each of the 256 symbols occurs
 */
export function optimalHuffmanCode(frequencies: Uint32Array): HuffmanCode {
  const counts = limitedCounts(codeLengths(frequencies));
  const lengthOf = codeLengths(frequencies);
  const used = Array.from({ length: SYMBOLS }, (_, symbol) => symbol).filter((symbol) => (frequencies[symbol] ?? 0) > 0);
  // The rarest symbols get the longest codes.
  const values = Uint8Array.from(used.sort((a, b) => (lengthOf[a] ?? 0) - (lengthOf[b] ?? 0) || a - b));
  return { counts, values, ...canonicalCodes(counts, values) };
}

/** The segment that defines a code, without marker and length. @param place class << 4 | destination */
export function huffmanSegment(place: number, { counts, values }: HuffmanCode): number[] {
  return [place, ...counts, ...values];
}

export function openBitSink(estimate: number): BitSink {
  return { bytes: new Uint8Array(Math.max(64, estimate)), length: 0, buffer: 0, count: 0 };
}

/** Appends up to 16 bits, most significant first; a byte of ones is followed by a zero byte (T.81 B.1.1.5). */
export function putBits(sink: BitSink, value: number, length: number): void {
  sink.buffer = (sink.buffer << length) | value;
  sink.count += length;
  while (sink.count >= 8) {
    sink.count -= 8;
    putByte(sink, (sink.buffer >>> sink.count) & 0xff);
  }
}

export function putSymbol(sink: BitSink, code: HuffmanCode, symbol: number): void {
  putBits(sink, code.codes[symbol] ?? 0, code.lengths[symbol] ?? 0);
}

/** The extra bits of a value of `size` significant bits: its low bits, one less where it is negative (T.81 F.1.2.1). */
export function putMagnitude(sink: BitSink, value: number, size: number): void {
  if (size > 0) putBits(sink, (value < 0 ? value - 1 : value) & (2 ** size - 1), size);
}

/** Number of significant bits of a magnitude: the category of T.81 table F.1. */
export function categoryOf(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}

/** The segment, its last byte filled up with ones. */
export function closeBitSink(sink: BitSink): Uint8Array {
  if (sink.count > 0) putBits(sink, 2 ** (8 - sink.count) - 1, 8 - sink.count);
  return sink.bytes.subarray(0, sink.length);
}

function putByte(sink: BitSink, byte: number): void {
  if (sink.length + 2 > sink.bytes.length) {
    const grown = new Uint8Array(sink.bytes.length * 2);
    grown.set(sink.bytes);
    sink.bytes = grown;
  }
  sink.bytes[sink.length] = byte;
  sink.length += 1;
  if (byte !== 0xff) return;
  sink.bytes[sink.length] = 0;
  sink.length += 1;
}

type Node = { weight: number; symbols: number[] };

/** Length of each symbol's code by Huffman's construction; the symbol 256, which never occurs, keeps the code of ones free. */
function codeLengths(frequencies: Uint32Array): Uint16Array {
  const lengths = new Uint16Array(SYMBOLS + 1);
  let nodes: Node[] = [{ weight: 0, symbols: [SYMBOLS] }];
  for (const [symbol, weight] of frequencies.entries()) if (weight > 0) nodes.push({ weight, symbols: [symbol] });
  nodes = nodes.sort((a, b) => a.weight - b.weight);
  while (nodes.length > 1) {
    const [first, second, ...rest] = nodes;
    if (!first || !second) break;
    const merged = { weight: first.weight + second.weight, symbols: [...first.symbols, ...second.symbols] };
    for (const symbol of merged.symbols) lengths[symbol] = (lengths[symbol] ?? 0) + 1;
    const place = rest.findIndex(({ weight }) => weight > merged.weight);
    rest.splice(place < 0 ? rest.length : place, 0, merged);
    nodes = rest;
  }
  return lengths;
}

/** How many codes there are of each length from 1 to 16, longer ones shortened (T.81 figure K.3), that of the symbol 256 taken out. */
function limitedCounts(lengths: Uint16Array): Uint8Array {
  const longest = lengths.reduce((most, length) => Math.max(most, length), 1);
  const counts = new Array<number>(Math.max(longest, MAX_CODE_LENGTH) + 1).fill(0);
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1;
  const add = (length: number, change: number): void => {
    counts[length] = (counts[length] ?? 0) + change;
  };
  for (let length = counts.length - 1; length > MAX_CODE_LENGTH; length -= 1) {
    while ((counts[length] ?? 0) > 0) {
      let shorter = length - 2;
      while ((counts[shorter] ?? 0) === 0) shorter -= 1;
      add(length, -2);
      add(length - 1, 1);
      add(shorter + 1, 2);
      add(shorter, -1);
    }
  }
  let last = MAX_CODE_LENGTH;
  while (last > 1 && (counts[last] ?? 0) === 0) last -= 1;
  add(last, -1);
  return Uint8Array.from(counts.slice(1, MAX_CODE_LENGTH + 1));
}

function canonicalCodes(counts: Uint8Array, values: Uint8Array): Pick<HuffmanCode, 'codes' | 'lengths'> {
  const codes = new Uint16Array(SYMBOLS);
  const lengths = new Uint8Array(SYMBOLS);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= MAX_CODE_LENGTH; length += 1) {
    for (let k = 0; k < (counts[length - 1] ?? 0); k += 1) {
      const symbol = values[index] ?? 0;
      codes[symbol] = code;
      lengths[symbol] = length;
      code += 1;
      index += 1;
    }
    code <<= 1;
  }
  return { codes, lengths };
}
