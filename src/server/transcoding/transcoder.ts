import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { DataSet } from '../../dicom/data-set.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import type { transcodeFrame } from '../../imaging/transcode-frame.ts';
import type { FrameToShow, PictureOptions } from './picture-options.ts';
import type { TranscodeAnswer, TranscodeTask } from './transcode-worker.ts';

/** Codecs and picture encoders would hold up the event loop. */
const MAX_THREADS = 4;
/** A thread that had nothing to do for this long ends, so that an idle server is small. */
const IDLE_MS = 30_000;

export type Transcoder = {
  /** As the function of that name, in a thread. */
  transcodeFrame: typeof transcodeFrame;
  /** One picture of the frames: of one, or of several as an animation. @throws {ImagingError} if they cannot be decoded */
  makePicture(frames: readonly FrameToShow[], options: PictureOptions): Promise<Uint8Array>;
  /** Frames that are worth having in work at a time. */
  parallel: number;
  close(): Promise<void>;
};

/** Threads in which pixels are decoded, encoded and made into pictures. */
export function openTranscoder(): Transcoder {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const threads = Math.min(MAX_THREADS, availableParallelism());
  const pool = new Piscina<TranscodeTask, TranscodeAnswer>({
    filename: new URL(`./transcode-worker.${extension}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
  });
  const run = async (task: TranscodeTask): Promise<Exclude<TranscodeAnswer, { problem: string }>> => {
    const answer = await pool.run(task);
    if ('problem' in answer) throw new ImagingError(answer.problem);
    return answer;
  };
  return {
    transcodeFrame: async (description, frame, { target, loss }) => {
      const { bytes, photometricInterpretation = '' } = await run({
        as: 'frame',
        description,
        frame: detached(frame),
        target,
        ...(loss ? { loss } : {}),
      });
      return { bytes, photometricInterpretation };
    },
    makePicture: async (frames, options) => (await run({ as: 'picture', frames: detachedFrames(frames), options })).bytes,
    parallel: threads + 1,
    close: () => pool.close(),
  };
}

/** A copy: what goes to a thread takes the whole memory with it that it is a view of, be it a file of a gigabyte. */
function detached(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

/** Frames of one object go with one data set. */
function detachedFrames(frames: readonly FrameToShow[]): FrameToShow[] {
  const dataSets = new Map<DataSet, DataSet>();
  return frames.map(({ frame, dataSet, ...rest }) => {
    const copy = dataSets.get(dataSet) ?? detachedDataSet(shownAttributes(dataSet));
    dataSets.set(dataSet, copy);
    return { ...rest, frame: detached(frame), dataSet: copy };
  });
}

/**
 * What `renderFrame` reads: image pixel attributes, look-up tables and windows (group 0028), in functional groups, too, the Presentation LUT
 * Shape and the spacing at the detector. All else, as the private attributes of a scanner, would take longer to hand over than to draw.
 */
const SHOWN = /^(?:0028|20500020|00181164|520092(?:29|30))/;

function shownAttributes(dataSet: DataSet): DataSet {
  const entries = Object.entries(dataSet).filter(([tag]) => SHOWN.test(tag));
  return Object.fromEntries(
    entries.map(([tag, attribute]): [string, DataSet[string]] =>
      // Functional groups: their values are items.
      tag.startsWith('5200') && attribute.Value
        ? [tag, { ...attribute, Value: (attribute.Value as DataSet[]).map(shownAttributes) }]
        : [tag, attribute],
    ),
  );
}

/** The data set with binary values of its own, at every depth. */
function detachedDataSet(dataSet: DataSet): DataSet {
  const entries = Object.entries(dataSet).map(([tag, attribute]): [string, DataSet[string]] => {
    if (attribute.bytes) return [tag, { ...attribute, bytes: detached(attribute.bytes) }];
    if (attribute.vr !== 'SQ' || !attribute.Value) return [tag, attribute];
    // Values of a sequence are items.
    return [tag, { ...attribute, Value: (attribute.Value as DataSet[]).map(detachedDataSet) }];
  });
  return Object.fromEntries(entries);
}
