import { retrieveFrames } from '../../contract/dicomweb.ts';
import type { DataSet } from '../../dicom/data-set.ts';
import { fetchBytes, urlOf } from '../api.ts';
import { whenForgotten } from './forget-frames.ts';
import { type FrameInfo, frameInfoOf } from './frame-info.ts';
import { type FramePixels, readFramePixels } from './frame-pixels.ts';
import { headerOf, knownHeader } from './headers.ts';
import type { Stack } from './stack.ts';
import type { FrameReference } from './viewer-surface.ts';

/** Little endian samples, whatever the file is compressed with: the server decodes. */
const ACCEPT = 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1';

/** A frame that can be loaded; `key` names it among all studies. */
export type FrameSource = { key: string; reference: FrameReference; storedSyntax: string };
export type LoadedFrame = { source: FrameSource; info: FrameInfo; pixels: FramePixels };

const known = new WeakMap<Stack, FrameSource[]>();

/** The frames of a stack in scrolling order; the same list each time, because a cell loads anew when it is another. */
export function sourcesOf(stack: Stack): FrameSource[] {
  const held = known.get(stack) ?? makeSources(stack);
  known.set(stack, held);
  return held;
}

function makeSources({ study_instance_uid, series, frames }: Stack): FrameSource[] {
  const { series_instance_uid } = series;
  return frames.map(({ instance, frame }) => ({
    key: `${instance.sop_instance_uid}/${frame}`,
    reference: { study_instance_uid, series_instance_uid, sop_instance_uid: instance.sop_instance_uid, frame },
    storedSyntax: instance.transfer_syntax_uid,
  }));
}

const infos = new WeakMap<DataSet, FrameInfo[]>();

/** What is known of a frame by now, without asking the server; the same object each time. */
export function knownInfo({ reference }: FrameSource): FrameInfo | undefined {
  const header = knownHeader(reference.sop_instance_uid);
  return header && infoOf(header, reference.frame - 1);
}

function infoOf(header: DataSet, frame: number): FrameInfo {
  const known = infos.get(header) ?? [];
  infos.set(header, known);
  known[frame] ??= frameInfoOf(header, frame);
  return known[frame];
}

const ahead = new Map<string, Promise<LoadedFrame>>();
whenForgotten(() => ahead.clear());

/** Asks for a frame while the engine is still being loaded; whoever loads it next gets what comes. */
export function askAhead(source: FrameSource): void {
  if (ahead.has(source.key) || knownInfo(source)) return;
  const asked = fetchFrame(source);
  // Whoever loads it hears of it.
  asked.catch(() => {});
  ahead.set(source.key, asked);
}

/**
 * Fetches a frame and reads it.
 * @throws {ApiProblem | ImagingError | DicomError}
 */
export async function loadFrame(source: FrameSource, signal?: AbortSignal): Promise<LoadedFrame> {
  const asked = ahead.get(source.key);
  ahead.delete(source.key);
  return asked ?? fetchFrame(source, signal);
}

async function fetchFrame(source: FrameSource, signal?: AbortSignal): Promise<LoadedFrame> {
  const { reference, storedSyntax } = source;
  const { study_instance_uid, series_instance_uid, sop_instance_uid, frame } = reference;
  const params = { study_instance_uid, series_instance_uid, sop_instance_uid, frames: String(frame) };
  const [header, blob] = await Promise.all([
    headerOf(reference),
    fetchBytes(urlOf(retrieveFrames, { params, query: { accept: ACCEPT } }), signal),
  ]);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return {
    source,
    info: infoOf(header, frame - 1),
    pixels: readFramePixels(bytes, header, { storedSyntax, frame: frame - 1 }),
  };
}
