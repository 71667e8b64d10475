import { ybrOfRgb } from './color.ts';
import {
  type BitSink,
  categoryOf,
  closeBitSink,
  type HuffmanCode,
  huffmanSegment,
  openBitSink,
  optimalHuffmanCode,
  putMagnitude,
  putSymbol,
} from './encode-huffman.ts';
import { forwardDct } from './forward-dct.ts';
import type { EncodedFrame, FrameToEncode } from './frame-to-encode.ts';
import { ImagingError } from './imaging-error.ts';
import { ZIGZAG } from './inverse-dct.ts';
import { JpegMarker } from './jpeg-header.ts';
import { chrominanceTable, luminanceTable, scaledTable } from './jpeg-quantization-tables.ts';
import { joinSegments, jpegSegment, jpegStart } from './jpeg-segments.ts';

const BASELINE = 0xc0;
/** Zero run of 16 and end of block (T.81 F.1.2.2). */
const ZERO_RUN = 0xf0;
const END_OF_BLOCK = 0;

/** One component: samples without level shift, `across` x `down` of them, and blocks of it that a minimum coded unit has side by side. */
type Plane = { samples: Float32Array; across: number; down: number; blocksInUnit: 1 | 2; table: 0 | 1 };
/** Quantized coefficients in zigzag order, 64 a block, in the order of the scan; `plane` by block. */
type Scan = { blocks: Int16Array; planes: Uint8Array };

/**
 * Encodes a frame as sequential DCT JPEG with Huffman codes made for it: 8 bits as baseline (process 1), up to 12 as extended
 * (process 4) (ITU-T T.81 annex F). Color becomes YCbCr with half as many chrominance columns.
 *
 * @param quality 1 to 100: the tables of T.81 annex K, scaled as the Independent JPEG Group does
 * @throws {ImagingError} for signed values, palettes, and color or baseline of more than 8 bits
 */
export function encodeDctJpeg(frame: FrameToEncode, { quality, isBaseline }: { quality: number; isBaseline: boolean }): EncodedFrame {
  checkFrame(frame, isBaseline);
  const precision = frame.bitsStored > 8 ? 12 : 8;
  const planes = planesOf(frame, precision);
  const tables = [luminanceTable, chrominanceTable].map((table) => scaledTable(table, quality));
  const scan = quantizedScan(planes, tables, frame);
  const codes = codesOf(scan, planes);
  const used = planes.length === 1 ? [0] : [0, 1];
  const shape = [precision, frame.rows >> 8, frame.rows & 255, frame.columns >> 8, frame.columns & 255, planes.length];
  const components = planes.flatMap(({ blocksInUnit, table }, index) => [index + 1, (blocksInUnit << 4) | 1, table]);
  const bytes = joinSegments([
    jpegStart(),
    ...(planes.length === 3 ? [JFIF] : []),
    ...used.map((place) => jpegSegment(JpegMarker.dqt, [place, ...(tables[place] ?? [])])),
    jpegSegment(isBaseline ? BASELINE : JpegMarker.sof1, [...shape, ...components]),
    ...used.map((place) => jpegSegment(JpegMarker.dht, huffmanSegment(place, codeAt(codes, place)))),
    ...used.map((place) => jpegSegment(JpegMarker.dht, huffmanSegment(AC_CLASS | place, codeAt(codes, AC + place)))),
    jpegSegment(JpegMarker.sos, [planes.length, ...planes.flatMap(({ table }, index) => [index + 1, table * 17]), 0, 63, 0]),
    writeScan(scan, planes, codes),
    Uint8Array.of(0xff, JpegMarker.eoi),
  ]);
  return { bytes, photometricInterpretation: planes.length === 3 ? 'YBR_FULL_422' : frame.photometricInterpretation };
}

/** Says that three components are YCbCr (ITU-T T.871), version 1.02, square pixels, no thumbnail. */
const JFIF = jpegSegment(JpegMarker.app0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 2, 0, 0, 1, 0, 1, 0, 0]);

function checkFrame(frame: FrameToEncode, isBaseline: boolean): void {
  if (frame.pixelRepresentation === 1) throw new ImagingError('Lossy JPEG holds no signed values');
  if (frame.photometricInterpretation === 'PALETTE COLOR') throw new ImagingError('Places in a palette cannot be compressed with loss');
  if (frame.bitsStored > (isBaseline || frame.samplesPerPixel === 3 ? 8 : 12))
    throw new ImagingError('Lossy JPEG holds no values of so many bits');
  if (isBaseline && frame.bitsAllocated !== 8) throw new ImagingError('Baseline JPEG holds pixels of 8 bits allocated');
}

function planesOf(frame: FrameToEncode, precision: number): Plane[] {
  const { rows, columns, pixels } = frame;
  const shift = 2 ** (precision - 1);
  if (frame.samplesPerPixel === 1) {
    const samples = Float32Array.from(pixels, (value) => value - shift);
    return [{ samples, across: columns, down: rows, blocksInUnit: 1, table: 0 }];
  }
  const ybr = frame.photometricInterpretation === 'RGB' ? ybrOfRgb(pixels, frame.bitsStored) : pixels;
  const luminance = new Float32Array(rows * columns);
  for (let at = 0; at < luminance.length; at += 1) luminance[at] = (ybr[at * 3] ?? 0) - shift;
  const half = Math.ceil(columns / 2);
  return [
    { samples: luminance, across: columns, down: rows, blocksInUnit: 2, table: 0 },
    ...[1, 2].map((component): Plane => {
      const samples = new Float32Array(rows * half);
      for (let row = 0; row < rows; row += 1) {
        for (let pair = 0; pair < half; pair += 1) {
          const left = (row * columns + pair * 2) * 3 + component;
          const right = pair * 2 + 1 < columns ? left + 3 : left;
          samples[row * half + pair] = ((ybr[left] ?? 0) + (ybr[right] ?? 0)) / 2 - shift;
        }
      }
      return { samples, across: half, down: rows, blocksInUnit: 1, table: 1 };
    }),
  ];
}

/** Transforms and quantizes unit by unit (T.81 A.2.3); what a block has beyond the edge repeats the edge. */
function quantizedScan(planes: readonly Plane[], tables: readonly Uint8Array[], { rows, columns }: FrameToEncode): Scan {
  const blocksInUnit = planes.reduce((sum, plane) => sum + plane.blocksInUnit, 0);
  const unitsAcross = Math.ceil(columns / (planes.length === 3 ? 16 : 8));
  const units = unitsAcross * Math.ceil(rows / 8);
  const scan: Scan = { blocks: new Int16Array(units * blocksInUnit * 64), planes: new Uint8Array(units * blocksInUnit) };
  const block = new Float64Array(64);
  let index = 0;
  for (let unit = 0; unit < units; unit += 1) {
    const top = Math.floor(unit / unitsAcross) * 8;
    for (const [number, plane] of planes.entries()) {
      for (let beside = 0; beside < plane.blocksInUnit; beside += 1) {
        const left = ((unit % unitsAcross) * plane.blocksInUnit + beside) * 8;
        loadBlock(plane, { top, left }, block);
        forwardDct(block);
        const table = tables[plane.table] ?? new Uint8Array(64);
        for (let k = 0; k < 64; k += 1) scan.blocks[index * 64 + k] = Math.round((block[ZIGZAG[k] ?? 0] ?? 0) / (table[k] ?? 1));
        scan.planes[index] = number;
        index += 1;
      }
    }
  }
  return scan;
}

function loadBlock({ samples, across, down }: Plane, { top, left }: { top: number; left: number }, block: Float64Array): void {
  for (let y = 0; y < 8; y += 1) {
    const row = Math.min(top + y, down - 1) * across;
    for (let x = 0; x < 8; x += 1) block[y * 8 + x] = samples[row + Math.min(left + x, across - 1)] ?? 0;
  }
}

/** Where the code of the AC coefficients stands among the four: luminance and chrominance of DC, then of AC. */
const AC = 2;
const AC_CLASS = 0x10;
/** Takes what the scan writes: the number of the code, the symbol, and the value of which extra bits follow. */
type TakeSymbol = (code: number, symbol: number, value: number) => void;

function walkScan({ blocks, planes: ofBlock }: Scan, planes: readonly Plane[], take: TakeSymbol): void {
  const previous = planes.map(() => 0);
  for (let index = 0; index < ofBlock.length; index += 1) {
    const number = ofBlock[index] ?? 0;
    const table = planes[number]?.table ?? 0;
    const dc = blocks[index * 64] ?? 0;
    const difference = dc - (previous[number] ?? 0);
    previous[number] = dc;
    take(table, categoryOf(difference), difference);
    let zeros = 0;
    for (let at = index * 64 + 1; at < index * 64 + 64; at += 1) {
      const value = blocks[at] ?? 0;
      if (value === 0) {
        zeros += 1;
        continue;
      }
      for (; zeros > 15; zeros -= 16) take(AC + table, ZERO_RUN, 0);
      take(AC + table, (zeros << 4) | categoryOf(value), value);
      zeros = 0;
    }
    if (zeros > 0) take(AC + table, END_OF_BLOCK, 0);
  }
}

function codesOf(scan: Scan, planes: readonly Plane[]): HuffmanCode[] {
  const frequencies = Array.from({ length: 4 }, () => new Uint32Array(256));
  walkScan(scan, planes, (code, symbol) => {
    const counts = frequencies[code];
    if (counts) counts[symbol] = (counts[symbol] ?? 0) + 1;
  });
  return frequencies.map(optimalHuffmanCode);
}

function writeScan(scan: Scan, planes: readonly Plane[], codes: readonly HuffmanCode[]): Uint8Array {
  const sink: BitSink = openBitSink(scan.blocks.length / 4);
  walkScan(scan, planes, (code, symbol, value) => {
    putSymbol(sink, codeAt(codes, code), symbol);
    putMagnitude(sink, value, symbol & 15);
  });
  return closeBitSink(sink);
}

function codeAt(codes: readonly HuffmanCode[], place: number): HuffmanCode {
  const code = codes[place];
  if (!code) throw new ImagingError('A Huffman code is missing');
  return code;
}
