import { ImagingError } from './imaging-error.ts';
import { uint16At } from './jpeg-header.ts';
import { joinSegments, jpegSegment } from './jpeg-segments.ts';

/** Second bytes of the markers (ITU-T T.800 table A.2). */
const COD = 0x52;
const TLM = 0x55;
const SOT = 0x90;
const SOD = 0x93;
const EOC = 0xd9;
/** Progression orders (T.800 table A.16). */
const RPCL = 2;
const CPRL = 4;
/** In a codestream that begins with SOC and SIZ (T.800 A.5.1): the number of components, and the depth of the first. */
const COUNT_AT = 40;
const DEPTH_AT = 42;
const COMPONENT_BYTES = 3;
const SOT_BYTES = 12;

/** The same codestream, its first component said to be of another depth. */
export function relabel(codestream: Uint8Array, { bits, isSigned }: { bits: number; isSigned: boolean }): Uint8Array {
  const output = codestream.slice();
  output[DEPTH_AT] = (isSigned ? 0x80 : 0) | (bits - 1);
  return output;
}

/**
 * Makes one codestream of several that hold one component each, encoded alike, with one layer and one precinct a resolution; there is
 * no component transformation. Where each has a tile-part for each resolution, so has the whole, in the order RPCL, with their lengths
 * in the header; else the components stand one after the other (CPRL).
 *
 * @throws {ImagingError} if a codestream has another structure
 */
export function joinPlanes(codestreams: readonly Uint8Array[]): Uint8Array {
  const planes = codestreams.map(takeApart);
  const [first] = planes;
  if (!first || planes.some(({ tileParts }) => tileParts.length !== first.tileParts.length))
    throw new ImagingError('The planes are not encoded alike');
  const count = first.tileParts.length;
  const parts = first.tileParts.map((_, index) =>
    joinSegments([tilePartHead(planes, index), ...planes.map(({ tileParts }) => tileParts[index] ?? new Uint8Array())]),
  );
  return joinSegments([
    ...mainHeader(first.segments, { components: planes.length, progression: count > 1 ? RPCL : CPRL }),
    ...(count > 1 ? [lengthsOf(parts)] : []),
    ...parts,
    Uint8Array.of(0xff, EOC),
  ]);
}

type Plane = { segments: Uint8Array[]; tileParts: Uint8Array[] };

/** The segments of the main header, SOC and SIZ as one, and the packets of each tile-part. */
function takeApart(codestream: Uint8Array): Plane {
  let at = 2 + 2 + uint16At(codestream, 4);
  const plane: Plane = { segments: [codestream.subarray(0, at)], tileParts: [] };
  while (at + SOT_BYTES <= codestream.length && codestream[at + 1] !== SOT) {
    const end = at + 2 + uint16At(codestream, at + 2);
    plane.segments.push(codestream.subarray(at, end));
    at = end;
  }
  while (at + SOT_BYTES <= codestream.length && codestream[at + 1] === SOT) {
    const length = uint16At(codestream, at + 6) * 65_536 + uint16At(codestream, at + 8);
    const end = length === 0 ? codestream.length - 2 : at + length;
    let data = at + SOT_BYTES;
    while (data + 2 <= end && codestream[data + 1] !== SOD) data += 2 + uint16At(codestream, data + 2);
    if (data + 2 > end) throw new ImagingError('A tile-part of a plane has no data');
    plane.tileParts.push(codestream.subarray(data + 2, end));
    at = end;
  }
  if (at + 2 !== codestream.length) throw new ImagingError('The codestream of a plane does not end after its tile');
  return plane;
}

function mainHeader(
  segments: readonly Uint8Array[],
  { components, progression }: { components: number; progression: number },
): Uint8Array[] {
  return segments
    .filter((segment) => segment[1] !== TLM)
    .map((segment, index) => {
      if (index === 0) return sizeOf(segment, components);
      if (segment[1] !== COD) return segment;
      const style = segment.slice();
      // Progression order, and no component transformation (T.800 A.6.1).
      style[5] = progression;
      style[8] = 0;
      return style;
    });
}

function sizeOf(size: Uint8Array, components: number): Uint8Array {
  const component = size.subarray(DEPTH_AT, DEPTH_AT + COMPONENT_BYTES);
  const output = joinSegments([size, ...Array.from({ length: components - 1 }, () => component)]);
  const view = new DataView(output.buffer);
  view.setUint16(4, output.length - 4);
  view.setUint16(COUNT_AT, components);
  return output;
}

/** Start of a tile-part of tile 0, with its length, and start of its data (T.800 A.4.2, A.4.3). */
function tilePartHead(planes: readonly Plane[], index: number): Uint8Array {
  const head = new Uint8Array(SOT_BYTES + 2);
  head.set([0xff, SOT, 0, 10]);
  head.set([index, planes[0]?.tileParts.length ?? 1, 0xff, SOD], 10);
  const length = planes.reduce((sum, { tileParts }) => sum + (tileParts[index]?.length ?? 0), head.length);
  new DataView(head.buffer).setUint32(6, length);
  return head;
}

/** Tile-part lengths: 16 bits for the tile, 32 for the length (T.800 A.7.1). */
function lengthsOf(parts: readonly Uint8Array[]): Uint8Array {
  const entries = parts.flatMap(({ length }) => [0, 0, length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255]);
  return jpegSegment(TLM, [0, 0x60, ...entries]);
}
