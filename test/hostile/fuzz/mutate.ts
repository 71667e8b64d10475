/** Pseudo-random integers below a bound (mulberry32): the same inputs for the same seed. */
export type Random = (bound: number) => number;

export function openRandom(seed: number): Random {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

const LENGTHS = [0xffffffff, 0xfffffffe, 0x7fffffff, 0x80000000, 0x00ffffff, 0xffff, 0xfffe, 0x100, 7, 3, 1, 0];
/** Item and delimiter tags, undefined lengths, VRs, PDU headers and item types. */
const TOKENS = [
  'feff00e0',
  'feff0de0',
  'feffdde0',
  'feff00e0ffffffff',
  '53510000ffffffff',
  '554e0000ffffffff',
  'e07f10004f420000ffffffff',
  '08000500435300',
  '080016005549',
  '0100',
  '0200',
  '0400000000',
  '0500000000040000',
  '0700000000040000',
  '500000',
  '5400',
  '5600',
  '200000',
].map((hex) => Buffer.from(hex, 'hex'));
const MAX_BYTES = 16_384;

/** One to six wounds; now and then the head of one input on the tail of another. */
export function mutate(source: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes = Buffer.from(source);
  for (let wounds = 1 + random(6); wounds > 0 && bytes.length > 0; wounds -= 1) bytes = wound(bytes, other, random);
  return bytes.subarray(0, MAX_BYTES);
}

function wound(bytes: Buffer, other: Uint8Array, random: Random): Buffer<ArrayBuffer> {
  const copy = Buffer.from(bytes);
  // The beginning decides most.
  const at = random(3) === 0 ? random(Math.min(copy.length, 256)) : random(copy.length);
  switch (random(10)) {
    case 0:
      copy[at] = random(256);
      return copy;
    case 1:
      copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
      return copy;
    case 2:
      if (at + 4 <= copy.length) copy.writeUInt32LE(LENGTHS[random(LENGTHS.length)] ?? 0, at);
      return copy;
    case 3:
      if (at + 4 <= copy.length) copy.writeUInt32BE(LENGTHS[random(LENGTHS.length)] ?? 0, at);
      return copy;
    case 4:
      copy.set(token(random).subarray(0, copy.length - at), at);
      return copy;
    case 5:
      return Buffer.concat([copy.subarray(0, at), token(random), copy.subarray(at)]);
    case 6:
      return copy.subarray(0, at);
    case 7:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(random(at + 1), at), copy.subarray(at)]);
    case 8:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.min(copy.length, at + 1 + random(32)))]);
    default:
      return Buffer.concat([copy.subarray(0, at), other.subarray(random(other.length + 1))]);
  }
}

function token(random: Random): Buffer {
  return TOKENS[random(TOKENS.length)] ?? Buffer.alloc(0);
}
