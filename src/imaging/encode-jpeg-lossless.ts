import {
  categoryOf,
  closeBitSink,
  type HuffmanCode,
  huffmanSegment,
  openBitSink,
  optimalHuffmanCode,
  putMagnitude,
  putSymbol,
} from './encode-huffman.ts';
import { type FrameToEncode, unsignedSamples } from './frame-to-encode.ts';
import { JpegMarker } from './jpeg-header.ts';
import { joinSegments, jpegSegment, jpegStart } from './jpeg-segments.ts';

/** First-order prediction: from the left (T.81 table H.1). */
const LEFT = 1;

/**
 * Encodes a frame as lossless JPEG, process 14 with selection value 1 (ITU-T T.81 annex H; PS3.5 10.2): 2 to 16 bits, components
 * interleaved in one scan, one Huffman code made for the frame.
 */
export function encodeLosslessJpeg(frame: FrameToEncode): Uint8Array {
  // T.81 knows no precision of one bit.
  const precision = Math.max(2, frame.bitsStored);
  const differences = differencesOf(frame, precision);
  const frequencies = new Uint32Array(256);
  for (const difference of differences) {
    const category = categoryOf(difference);
    frequencies[category] = (frequencies[category] ?? 0) + 1;
  }
  const code = optimalHuffmanCode(frequencies);
  const components = Array.from({ length: frame.samplesPerPixel }, (_, index) => index + 1);
  const shape = [precision, frame.rows >> 8, frame.rows & 255, frame.columns >> 8, frame.columns & 255, components.length];
  return joinSegments([
    jpegStart(),
    jpegSegment(JpegMarker.sof3, [...shape, ...components.flatMap((id) => [id, 0x11, 0])]),
    jpegSegment(JpegMarker.dht, huffmanSegment(0, code)),
    jpegSegment(JpegMarker.sos, [components.length, ...components.flatMap((id) => [id, 0]), LEFT, 0, 0]),
    writeDifferences(differences, code),
    Uint8Array.of(0xff, JpegMarker.eoi),
  ]);
}

/** What each sample differs from its prediction, modulo 65,536, from -32,767 to 32,768 (T.81 H.1.2.1). */
function differencesOf(frame: FrameToEncode, precision: number): Int32Array {
  const samples = unsignedSamples(frame);
  const step = frame.samplesPerPixel;
  const stride = frame.columns * step;
  const differences = new Int32Array(samples.length);
  const first = 2 ** (precision - 1);
  for (let index = 0; index < samples.length; index += 1) {
    // The first column is predicted from above, the very first sample from the middle of the range.
    const isFirstColumn = index % stride < step;
    const from = isFirstColumn ? index - stride : index - step;
    const difference = (samples[index] ?? 0) - (from < 0 ? first : (samples[from] ?? 0));
    differences[index] = difference > 32_768 ? difference - 65_536 : difference < -32_767 ? difference + 65_536 : difference;
  }
  return differences;
}

function writeDifferences(differences: Int32Array, code: HuffmanCode): Uint8Array {
  const sink = openBitSink(differences.length);
  for (const difference of differences) {
    const category = categoryOf(difference);
    putSymbol(sink, code, category);
    // The category 16 holds 32,768 alone.
    if (category < 16) putMagnitude(sink, difference, category);
  }
  return closeBitSink(sink);
}
