import { ImagingError } from './imaging-error.ts';
import { type BitSource, decodeHuffman, type HuffmanTable, openBits, passRestart, readHuffmanTables, readSigned } from './jpeg-entropy.ts';
import { type JpegHeader, JpegMarker, readJpegHeader, segmentAt, startOf, uint16At } from './jpeg-header.ts';

/** Samples as the stream holds them, unsigned, interleaved [row, column, component]. */
export type JpegSamples = { header: JpegHeader; samples: Uint8Array | Uint16Array };

type Scan = { components: { index: number; table: HuffmanTable }[]; predictor: number; pointTransform: number; restartRows: number };

/**
 * Decodes lossless JPEG (ITU-T T.81 annex H; DICOM processes 14 and 14 SV1): every predictor, 2 to 16 bits, restart intervals,
 * point transform, components interleaved or scan by scan.
 * @throws {ImagingError} if the stream is truncated, malformed or subsampled
 */
export function decodeLosslessJpeg(bytes: Uint8Array): JpegSamples {
  const header = readJpegHeader(bytes);
  if (header.process !== JpegMarker.sof3) throw new ImagingError('The JPEG stream is not lossless');
  if (header.components.some(({ horizontal, vertical }) => horizontal !== 1 || vertical !== 1)) {
    throw new ImagingError('Subsampled lossless JPEG is not supported');
  }
  if (header.precision < 2 || header.precision > 16) throw new ImagingError(`Lossless JPEG of ${header.precision} bits does not exist`);

  const count = header.rows * header.columns * header.components.length;
  const samples = header.precision > 8 ? new Uint16Array(count) : new Uint8Array(count);
  const tables = new Map<number, HuffmanTable>();
  const pending = new Set(header.components.map((_, index) => index));
  let restartInterval = 0;
  let position = startOf(bytes);

  while (pending.size > 0) {
    const { marker, start, end } = segmentAt(bytes, position);
    position = end;
    if (marker === JpegMarker.eoi) throw new ImagingError('The JPEG stream lacks a component');
    if (marker === JpegMarker.dht) readHuffmanTables(bytes, start, end, tables);
    if (marker === JpegMarker.dri) restartInterval = uint16At(bytes, start);
    if (marker !== JpegMarker.sos) continue;

    const scan = readScan(bytes.subarray(start, end), header, tables, restartInterval);
    const source = openBits(bytes, position);
    decodeScan(source, scan, header, samples);
    position = source.position;
    for (const { index } of scan.components) pending.delete(index);
  }
  return { header, samples };
}

function readScan(segment: Uint8Array, header: JpegHeader, tables: Map<number, HuffmanTable>, restartInterval: number): Scan {
  const count = segment[0] ?? 0;
  const components = Array.from({ length: count }, (_, position) => {
    const index = header.components.findIndex(({ id }) => id === segment[1 + 2 * position]);
    const table = tables.get((segment[2 + 2 * position] ?? 0) >> 4);
    if (index < 0 || !table) throw new ImagingError('A JPEG scan names what the stream does not define');
    return { index, table };
  });
  // T.81 H.1.1: in lossless mode the restart interval is a whole number of lines.
  if (restartInterval % header.columns !== 0) throw new ImagingError('The JPEG restart interval is not a whole number of lines');
  return {
    components,
    predictor: segment[1 + 2 * count] ?? 0,
    pointTransform: (segment[3 + 2 * count] ?? 0) & 15,
    restartRows: restartInterval / header.columns,
  };
}

function decodeScan(source: BitSource, scan: Scan, header: JpegHeader, samples: Uint8Array | Uint16Array): void {
  const { rows, columns, precision } = header;
  const step = header.components.length;
  const stride = columns * step;
  const { predictor, pointTransform, restartRows, components } = scan;
  const mask = 2 ** precision - 1;
  const initial = 2 ** (precision - pointTransform - 1);

  for (let row = 0; row < rows; row += 1) {
    const restarts = restartRows > 0 && row > 0 && row % restartRows === 0;
    if (restarts) passRestart(source);
    const isFirst = row === 0 || restarts;

    for (let column = 0; column < columns; column += 1) {
      for (const { index, table } of components) {
        const at = row * stride + column * step + index;
        const length = decodeHuffman(source, table);
        const difference = length === 16 ? 32_768 : readSigned(source, length);
        let predicted: number;
        if (isFirst) predicted = column === 0 ? initial : valueAt(samples, at - step) >> pointTransform;
        else if (column === 0) predicted = valueAt(samples, at - stride) >> pointTransform;
        else
          predicted = predict(
            predictor,
            valueAt(samples, at - step) >> pointTransform,
            valueAt(samples, at - stride) >> pointTransform,
            valueAt(samples, at - stride - step) >> pointTransform,
          );
        samples[at] = ((predicted + difference) << pointTransform) & mask;
      }
    }
  }
}

/** T.81 table H.1: left, above, above left. */
function predict(predictor: number, left: number, above: number, corner: number): number {
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return corner;
    case 4:
      return left + above - corner;
    case 5:
      return left + ((above - corner) >> 1);
    case 6:
      return above + ((left - corner) >> 1);
    case 7:
      return (left + above) >> 1;
    default:
      throw new ImagingError('The JPEG scan has no lossless predictor');
  }
}

function valueAt(samples: Uint8Array | Uint16Array, index: number): number {
  return samples[index] ?? 0;
}
