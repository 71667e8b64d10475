import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { GrayImage } from '../../imaging/gray-image.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import type { InstanceRow } from './queries.ts';
import { readFrame } from './read-frame.ts';
import type { RenderAnswer, RenderTask } from './render-worker.ts';

/** Threads for pictures: codecs and PNG would hold up the event loop. */
const MAX_THREADS = 4;
/** A thread that had nothing to do for this long ends, so that an idle server is small. */
const IDLE_MS = 30_000;

export type RenderOptions = { frame?: number; window_center?: number; window_width?: number; size?: number };
export type Rendered = { png: Buffer; width: number; height: number };
export type FrameRenderer = { render(task: RenderTask): Promise<RenderAnswer>; close(): Promise<void> };
type RenderDeps = { blobs: BlobStore; renderer: FrameRenderer };

export function openFrameRenderer(): FrameRenderer {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const pool = new Piscina<RenderTask, RenderAnswer>({
    filename: new URL(`./render-worker.${extension}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: Math.min(MAX_THREADS, availableParallelism()),
    idleTimeout: IDLE_MS,
  });
  return { render: (task) => pool.run(task), close: () => pool.close() };
}

/**
 * One frame as PNG with the asked window, or the image's own.
 *
 * @throws {AppError} `no-pixels` if it cannot be decoded, `invalid-request`
 */
export async function renderInstance({ blobs, renderer }: RenderDeps, instance: InstanceRow, options: RenderOptions): Promise<Rendered> {
  const { window_center: center, window_width: width, size, frame: number = 1 } = options;
  if ((center === undefined) !== (width === undefined)) throw new AppError('invalid-request', 'window_center and window_width go together');
  const stored = await readFrame(blobs, instance, number);
  const window = center !== undefined && width !== undefined ? { window: { center, width } } : {};
  const answer = await renderer.render({ as: 'png', ...stored, number, ...window, ...(size === undefined ? {} : { size }) });
  if (!('png' in answer)) throw undecodable(instance, answer);
  return { png: Buffer.from(answer.png), width: answer.width, height: answer.height };
}

/**
 * One frame as a model sees it: the image's own window, 0 black to 1 white.
 *
 * @throws {AppError} `no-pixels` if it cannot be decoded
 */
export async function readGrayFrame({ blobs, renderer }: RenderDeps, instance: InstanceRow, number: number): Promise<GrayImage> {
  const answer = await renderer.render({ as: 'gray', ...(await readFrame(blobs, instance, number)), number });
  if (!('gray' in answer)) throw undecodable(instance, answer);
  return answer.gray;
}

function undecodable(instance: InstanceRow, answer: RenderAnswer): AppError {
  const reason = 'problem' in answer ? answer.problem : 'nothing was rendered';
  return new AppError('no-pixels', `Instance ${instance.sop_instance_uid} cannot be decoded: ${reason}`);
}
