import { randomBytes, randomInt } from 'node:crypto';

/** Where the count within a millisecond starts: room for some thousand more, and not the same for everybody. */
const FIRST_COUNTS = 0x400;

/** Milliseconds of which the count is remembered: a clock that is set back, or a second one, does not begin anew in between. */
const REMEMBERED = 64;
/** The last count of each of these, the least recently used first. */
const counts = new Map<number, number>();

/** Time-ordered UUID version 7 (RFC 9562 5.7 and 6.2, method 1): rows that this process makes later sort later, also within a millisecond. */
export function newId(now: Date = new Date()): string {
  const time = now.getTime();
  const count = nextCount(time);
  const bytes = randomBytes(16);
  bytes.writeUIntBE(time, 0, 6);
  bytes[6] = 0x70 | (count >> 8);
  bytes[7] = count & 0xff;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function nextCount(time: number): number {
  const last = counts.get(time);
  const count = last === undefined ? randomInt(FIRST_COUNTS) : (last + 1) & 0xfff;
  counts.delete(time);
  counts.set(time, count);
  const [oldest] = counts.keys();
  if (counts.size > REMEMBERED && oldest !== undefined) counts.delete(oldest);
  return count;
}

/** A new DICOM UID: the number of a UUID under 2.25 (PS3.5 B.2). */
export function newUid(now: Date = new Date()): string {
  return `2.25.${BigInt(`0x${newId(now).replaceAll('-', '')}`)}`;
}
