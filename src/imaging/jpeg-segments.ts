import { JpegMarker } from './jpeg-header.ts';

/** The marker that begins a JPEG stream. */
export function jpegStart(): Uint8Array {
  return Uint8Array.of(0xff, JpegMarker.soi);
}

/** A marker segment with its length (T.81 B.1.1.4). */
export function jpegSegment(marker: number, content: readonly number[]): Uint8Array {
  const length = content.length + 2;
  return Uint8Array.from([0xff, marker, length >> 8, length & 255, ...content]);
}

export function joinSegments(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
