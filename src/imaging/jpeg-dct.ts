import { ImagingError } from './imaging-error.ts';
import { inverseDct, ZIGZAG } from './inverse-dct.ts';
import {
  type BitSource,
  decodeHuffman,
  type HuffmanTable,
  openBits,
  passRestart,
  readBits,
  readHuffmanTables,
  readSigned,
} from './jpeg-entropy.ts';
import { type JpegHeader, JpegMarker, readJpegHeader, segmentAt, startOf, uint16At } from './jpeg-header.ts';
import type { JpegSamples } from './jpeg-lossless.ts';

type Scan = { dc: HuffmanTable | undefined; ac: HuffmanTable | undefined; from: number; to: number; high: number; low: number };
type Plane = { coefficients: Int32Array; blocks: number; restartInterval: number };
type DecodeBlock = (source: BitSource, scan: Scan, block: Int32Array, state: BlockState) => void;
type BlockState = { dc: number; endOfBandRun: number };

/**
 * Decodes DCT-based JPEG of one component, sequential or progressive, 8 or 12 bits (ITU-T T.81 annexes F and G; DICOM processes 2, 4,
 * 6, 8, 10 and 12): the 12-bit grayscale that libjpeg-turbo's 8-bit build cannot read. Rounding is that of an exact inverse DCT.
 * @throws {ImagingError} if the stream is truncated, malformed, arithmetic-coded or has several components
 */
export function decodeDctJpeg(bytes: Uint8Array): JpegSamples {
  const header = readJpegHeader(bytes);
  if (header.process > JpegMarker.sof2) throw new ImagingError('The JPEG process is not supported');
  if (header.components.length !== 1) throw new ImagingError('JPEG of more than 8 bits in color is not supported');

  const columns = Math.ceil(header.columns / 8);
  const blocks = columns * Math.ceil(header.rows / 8);
  const plane: Plane = { coefficients: new Int32Array(blocks * 64), blocks, restartInterval: 0 };
  const quantization = readScans(bytes, header, plane);
  return { header, samples: samplesOf(header, plane, quantization) };
}

/** Decodes every scan into the plane's coefficients, in zigzag order; returns the quantization table of the component. */
function readScans(bytes: Uint8Array, header: JpegHeader, plane: Plane): Uint16Array {
  const huffman = new Map<number, HuffmanTable>();
  const quantization = new Map<number, Uint16Array>();
  let hasScan = false;
  let position = startOf(bytes);

  for (;;) {
    if (hasScan && position + 2 > bytes.length) break;
    const { marker, start, end } = segmentAt(bytes, position);
    if (marker === JpegMarker.eoi) break;
    position = end;
    if (marker === JpegMarker.dht) readHuffmanTables(bytes, start, end, huffman);
    if (marker === JpegMarker.dqt) readQuantizationTables(bytes, start, end, quantization);
    if (marker === JpegMarker.dri) plane.restartInterval = uint16At(bytes, start);
    if (marker !== JpegMarker.sos) continue;

    const tables = bytes[start + 2] ?? 0;
    const approximation = bytes[start + 5] ?? 0;
    const scan: Scan = {
      dc: huffman.get(tables >> 4),
      ac: huffman.get(16 | (tables & 15)),
      from: bytes[start + 3] ?? 0,
      to: bytes[start + 4] ?? 63,
      high: approximation >> 4,
      low: approximation & 15,
    };
    if (bytes[start] !== 1 || scan.to > 63 || scan.from > scan.to) throw new ImagingError('The JPEG scan is malformed');
    const source = openBits(bytes, position);
    decodeScan(source, scan, plane, decoderOf(header, scan));
    position = source.position;
    hasScan = true;
  }
  const table = quantization.get(header.components[0]?.quantization ?? 0);
  if (!hasScan || !table) throw new ImagingError('The JPEG stream has no scan or no quantization table');
  return table;
}

function decoderOf(header: JpegHeader, scan: Scan): DecodeBlock {
  if (header.process !== JpegMarker.sof2) return decodeSequential;
  if (scan.from === 0) return scan.high === 0 ? decodeDcFirst : refineDc;
  return scan.high === 0 ? decodeAcFirst : refineAc;
}

function decodeScan(source: BitSource, scan: Scan, plane: Plane, decodeBlock: DecodeBlock): void {
  let state: BlockState = { dc: 0, endOfBandRun: 0 };
  for (let index = 0; index < plane.blocks; index += 1) {
    if (plane.restartInterval > 0 && index > 0 && index % plane.restartInterval === 0) {
      passRestart(source);
      state = { dc: 0, endOfBandRun: 0 };
    }
    decodeBlock(source, scan, plane.coefficients.subarray(index * 64, index * 64 + 64), state);
  }
}

function decodeSequential(source: BitSource, scan: Scan, block: Int32Array, state: BlockState): void {
  state.dc += readSigned(source, decodeHuffman(source, tableOf(scan.dc)));
  block[0] = state.dc;
  const ac = tableOf(scan.ac);
  for (let k = 1; k < 64; k += 1) {
    const symbol = decodeHuffman(source, ac);
    const size = symbol & 15;
    const run = symbol >> 4;
    if (size === 0 && run !== 15) return;
    k += run;
    if (size !== 0 && k < 64) block[k] = readSigned(source, size);
  }
}

function decodeDcFirst(source: BitSource, scan: Scan, block: Int32Array, state: BlockState): void {
  state.dc += readSigned(source, decodeHuffman(source, tableOf(scan.dc)));
  block[0] = state.dc * 2 ** scan.low;
}

function refineDc(source: BitSource, scan: Scan, block: Int32Array): void {
  if (readBits(source, 1) === 1) block[0] = (block[0] ?? 0) | (1 << scan.low);
}

/** T.81 G.1.2.2: first pass of a spectral band. */
function decodeAcFirst(source: BitSource, scan: Scan, block: Int32Array, state: BlockState): void {
  if (state.endOfBandRun > 0) {
    state.endOfBandRun -= 1;
    return;
  }
  const ac = tableOf(scan.ac);
  for (let k = scan.from; k <= scan.to; k += 1) {
    const symbol = decodeHuffman(source, ac);
    const size = symbol & 15;
    const run = symbol >> 4;
    if (size === 0 && run !== 15) {
      state.endOfBandRun = (1 << run) - 1 + readBits(source, run);
      return;
    }
    k += run;
    if (size !== 0 && k < 64) block[k] = readSigned(source, size) * 2 ** scan.low;
  }
}

/** T.81 G.1.2.3: a later pass adds one bit to coefficients already known and places new ones among the zeros. */
function refineAc(source: BitSource, scan: Scan, block: Int32Array, state: BlockState): void {
  const bit = 1 << scan.low;
  let k = scan.from;
  if (state.endOfBandRun === 0) {
    const ac = tableOf(scan.ac);
    while (k <= scan.to) {
      const symbol = decodeHuffman(source, ac);
      const run = symbol >> 4;
      if ((symbol & 15) === 0 && run !== 15) {
        state.endOfBandRun = (1 << run) + readBits(source, run);
        break;
      }
      const value = (symbol & 15) === 0 ? 0 : readBits(source, 1) === 1 ? bit : -bit;
      k = refineRun(source, block, { from: k, to: scan.to, zeros: run, bit });
      if (value !== 0 && k <= scan.to) block[k] = value;
      k += 1;
    }
  }
  if (state.endOfBandRun === 0) return;
  refineRun(source, block, { from: k, to: scan.to, zeros: 64, bit });
  state.endOfBandRun -= 1;
}

/** Passes `zeros` zero coefficients, refining the others on the way; returns the index of the zero after them. */
function refineRun(source: BitSource, block: Int32Array, band: { from: number; to: number; zeros: number; bit: number }): number {
  let zeros = band.zeros;
  let k = band.from;
  for (; k <= band.to; k += 1) {
    const value = block[k] ?? 0;
    if (value === 0) {
      if (zeros === 0) break;
      zeros -= 1;
    } else if (readBits(source, 1) === 1 && (Math.abs(value) & band.bit) === 0) {
      block[k] = value + (value > 0 ? band.bit : -band.bit);
    }
  }
  return k;
}

function samplesOf({ rows, columns, precision }: JpegHeader, plane: Plane, quantization: Uint16Array): Uint8Array | Uint16Array {
  const samples = precision > 8 ? new Uint16Array(rows * columns) : new Uint8Array(rows * columns);
  const across = Math.ceil(columns / 8);
  const center = 2 ** (precision - 1);
  const limit = 2 ** precision - 1;
  const block = new Float64Array(64);

  for (let index = 0; index < plane.blocks; index += 1) {
    for (let k = 0; k < 64; k += 1) block[ZIGZAG[k] ?? 0] = (plane.coefficients[index * 64 + k] ?? 0) * (quantization[k] ?? 0);
    inverseDct(block);
    const top = Math.floor(index / across) * 8;
    const left = (index % across) * 8;
    for (let y = 0; y < Math.min(8, rows - top); y += 1) {
      for (let x = 0; x < Math.min(8, columns - left); x += 1) {
        const value = Math.round((block[y * 8 + x] ?? 0) + center);
        samples[(top + y) * columns + left + x] = Math.min(limit, Math.max(0, value));
      }
    }
  }
  return samples;
}

function readQuantizationTables(bytes: Uint8Array, start: number, end: number, tables: Map<number, Uint16Array>): void {
  let at = start;
  while (at < end) {
    const wide = (bytes[at] ?? 0) >> 4 !== 0;
    const table = new Uint16Array(64);
    for (let k = 0; k < 64; k += 1) table[k] = wide ? uint16At(bytes, at + 1 + 2 * k) : (bytes[at + 1 + k] ?? 0);
    tables.set((bytes[at] ?? 0) & 15, table);
    at += wide ? 129 : 65;
  }
}

function tableOf(table: HuffmanTable | undefined): HuffmanTable {
  if (!table) throw new ImagingError('A JPEG scan names what the stream does not define');
  return table;
}
