import type { Vr } from './data-set.ts';

/** How the values of a VR are held: see `Attribute`. */
export type VrKind = 'text' | 'number' | 'bytes' | 'sequence';

export type VrInfo = {
  vr: Vr;
  kind: VrKind;
  /** Whether explicit VR has two reserved bytes and a 32-bit length (PS3.5 7.1.2). */
  long: boolean;
  /** Bytes in one number or word: what a change of byte order swaps. AT swaps its two halves. */
  size: 1 | 2 | 4 | 8;
  /** Whether a backslash separates values. */
  multiple: boolean;
};

const text = (vr: Vr, long = false, multiple = true): VrInfo => ({ vr, kind: 'text', long, size: 1, multiple });
const number = (vr: Vr, size: 2 | 4 | 8, long = false): VrInfo => ({ vr, kind: 'number', long, size, multiple: true });
const bytes = (vr: Vr, size: 1 | 2 | 4 | 8): VrInfo => ({ vr, kind: 'bytes', long: true, size, multiple: false });

/** PS3.5 table 6.2-1. */
export const vrInfo: Readonly<Record<Vr, VrInfo>> = {
  AE: text('AE'),
  AS: text('AS'),
  AT: number('AT', 4),
  CS: text('CS'),
  DA: text('DA'),
  DS: text('DS'),
  DT: text('DT'),
  FD: number('FD', 8),
  FL: number('FL', 4),
  IS: text('IS'),
  LO: text('LO'),
  LT: text('LT', false, false),
  OB: bytes('OB', 1),
  OD: bytes('OD', 8),
  OF: bytes('OF', 4),
  OL: bytes('OL', 4),
  OV: bytes('OV', 8),
  OW: bytes('OW', 2),
  PN: text('PN'),
  SH: text('SH'),
  SL: number('SL', 4),
  SQ: { vr: 'SQ', kind: 'sequence', long: true, size: 1, multiple: false },
  SS: number('SS', 2),
  ST: text('ST', false, false),
  SV: number('SV', 8, true),
  TM: text('TM'),
  UC: text('UC', true),
  UI: text('UI'),
  UL: number('UL', 4),
  UN: bytes('UN', 1),
  UR: text('UR', true, false),
  US: number('US', 2),
  UT: text('UT', true, false),
  UV: number('UV', 8, true),
};

const LETTERS = 26;
const LETTER_A = 0x41;

const byLetters: (VrInfo | undefined)[] = new Array(LETTERS * LETTERS).fill(undefined);
for (const info of Object.values(vrInfo)) byLetters[letterIndex(info.vr.charCodeAt(0), info.vr.charCodeAt(1))] = info;

/** VR that two bytes of an explicit VR header name; undefined if they are letters of none, null if they are not capital letters. */
export function vrOfBytes(first: number, second: number): VrInfo | undefined | null {
  const index = letterIndex(first, second);
  return index < 0 ? null : byLetters[index];
}

/** Type guard for a VR code. */
export function isVr(code: unknown): code is Vr {
  return typeof code === 'string' && Object.hasOwn(vrInfo, code);
}

/** Reverses each word of `size` bytes, in a copy; what is left over at the end stays as it is. */
export function swapWords(source: Uint8Array, size: number): Uint8Array {
  // Not `slice`, which for Node's Buffer is a view.
  const swapped = new Uint8Array(source);
  const whole = swapped.length - (swapped.length % size);
  for (let index = 0; index < whole; index += 1) {
    const place = index % size;
    swapped[index - place + (size - 1 - place)] = source[index] ?? 0;
  }
  return swapped;
}

function letterIndex(first: number, second: number): number {
  const row = first - LETTER_A;
  const column = second - LETTER_A;
  return row >= 0 && row < LETTERS && column >= 0 && column < LETTERS ? row * LETTERS + column : -1;
}
