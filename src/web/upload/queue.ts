import { useSyncExternalStore } from 'react';
import { completeStudy, type UploadResult } from '../../contract/studies.ts';
import { ApiProblem, call } from '../api.ts';
import { pauseMs } from '../live/backoff.ts';
import { noteReachable, untilReachable } from '../reachability.ts';
import { applyProblem, applyResult, isPicture, nextGroup, shareProgress, type UploadGroup, type UploadItem } from './items.ts';
import { sendResumable } from './send-resumable.ts';
import { type PictureFields, sendTogether } from './send-together.ts';

/** A request that broke is sent again after pauses; what the server already holds it tells, and keeps once. */
const BACKOFF = { firstMs: 1_000, mostMs: 15_000 };
/** A server that answers everything but this is not asked for ever. */
const MOST_TRIES = 6;
const NO_FIELDS: PictureFields = { patient_id: '', patient_name: '', modality: 'DX', body_part: 'CHEST' };

export type Uploads = {
  items: readonly UploadItem[];
  fields: PictureFields;
  needsStart: boolean;
  dialogOpen: boolean;
  /** Files that were still to be sent when this page was left; the browser gives none of them back by itself. */
  cutOff: number;
};

let state: Uploads = { items: [], fields: NO_FIELDS, needsStart: false, dialogOpen: false, cutOff: 0 };
let pumping = false;
let running: { group: UploadGroup; abort: AbortController; keep: boolean } | undefined;
const listeners = new Set<() => void>();

export function useUploads(): Uploads {
  return useSyncExternalStore(subscribeUploads, getUploads);
}

export function getUploads(): Uploads {
  return state;
}

export function subscribeUploads(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whoever closes the dialog has read what it said of files that were cut off. */
export function showUploads(dialogOpen: boolean): void {
  set({ dialogOpen, ...(dialogOpen ? {} : { cutOff: 0 }) });
}

export function noteCutOff(cutOff: number): void {
  set({ cutOff });
}

/** Takes files in; they leave at once unless there are pictures among them, which first need to be told what they are. */
export function addUploads(files: readonly { file: File; name: string }[]): void {
  if (files.length === 0) return;
  const added = files.map(
    ({ file, name }, index): UploadItem => ({
      id: `${Date.now()}-${state.items.length + index}`,
      file,
      name,
      state: 'waiting',
      sentBytes: 0,
      result: null,
      reason: null,
      requestId: null,
    }),
  );
  const needsStart = state.needsStart || added.some((item) => isPicture(item.name));
  set({ items: [...state.items, ...added], needsStart, dialogOpen: true, cutOff: 0 });
  void pump();
}

export function setPictureFields(fields: PictureFields): void {
  set({ fields });
}

export function startUploads(): void {
  set({ needsStart: false });
  void pump();
}

/** Stops one file; the others of the same request are sent again without it. */
export function cancelUpload(id: string): void {
  stop(id, 'cancelled');
}

/** Stops a large file but keeps what was sent. */
export function pauseUpload(id: string): void {
  stop(id, 'paused');
}

/** Sends a paused, failed or cancelled file again, from where it stopped if it can. */
export function retryUpload(id: string): void {
  patch([id], { state: 'waiting', reason: null });
  void pump();
}

export function cancelAllUploads(): void {
  const open = state.items.filter(isUnfinished).map(({ id }) => id);
  if (running) running.keep = false;
  running?.abort.abort();
  patch(open, { state: 'cancelled' });
  set({ needsStart: false });
}

export function clearFinishedUploads(): void {
  set({ items: state.items.filter(isUnfinished) });
}

/** Whether there is still something to send. */
export function isUnfinished({ state: is }: UploadItem): boolean {
  return is === 'waiting' || is === 'sending' || is === 'checking' || is === 'interrupted' || is === 'paused';
}

async function pump(): Promise<void> {
  if (pumping || state.needsStart) return;
  pumping = true;
  const touched = new Set<string>();
  for (let group = nextGroup(state.items); group && !state.needsStart; group = nextGroup(state.items)) {
    for (const uid of await sendGroup(group)) touched.add(uid);
  }
  pumping = false;
  // Nothing more comes, so the analysis need not wait for the quiet time; if this fails, it starts after it.
  await Promise.allSettled([...touched].map((study_instance_uid) => call(completeStudy, { params: { study_instance_uid } })));
  for (const listener of listeners) listener();
}

/** Sends one group and writes down what became of it; gives the studies that grew. */
async function sendGroup(group: UploadGroup): Promise<string[]> {
  const abort = new AbortController();
  const job = { group, abort, keep: false };
  running = job;
  patch(idsOf(group), { state: 'sending', sentBytes: 0 });
  try {
    const result = await sendWithRetries(group, job);
    replace(applyResult(group.items, result));
    return result.items.flatMap((line) => (line.status === 'stored' && line.study_instance_uid ? [line.study_instance_uid] : []));
  } catch (error) {
    if (abort.signal.aborted) {
      patch(idsOf(group).filter(isInFlight), { state: 'waiting', sentBytes: 0 });
    } else {
      replace(applyProblem(group.items, error instanceof ApiProblem ? error : new ApiProblem({})));
    }
    return [];
  } finally {
    running = undefined;
  }
}

type Job = { abort: AbortController; keep: boolean };

/** Sends a group, again and again while only the connection fails: what was sent of a large file is not sent again. */
async function sendWithRetries(group: UploadGroup, job: Job): Promise<UploadResult> {
  const { signal } = job.abort;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await sendOnce(group, job);
    } catch (error) {
      const isBroken = error instanceof ApiProblem && error.kind === 'unreachable';
      if (signal.aborted || !isBroken || attempt >= MOST_TRIES) throw error;
    }
    noteReachable(false);
    patch(idsOf(group), { state: 'interrupted' });
    await untilReachable(signal);
    await new Promise((resolve) => setTimeout(resolve, pauseMs(attempt, BACKOFF, Math.random())));
    signal.throwIfAborted();
    patch(idsOf(group), { state: 'sending' });
  }
}

async function sendOnce(group: UploadGroup, job: Job): Promise<UploadResult> {
  const { signal } = job.abort;
  const onProgress = (sentBytes: number) => {
    if (!signal.aborted) replace(shareProgress(group.items, sentBytes));
  };
  const [only] = group.items;
  if (group.door === 'resumable' && only) return sendResumable(only.file, { signal, onProgress, keepOnAbort: () => job.keep });
  return sendTogether(group, { fields: state.fields, signal, onProgress });
}

function stop(id: string, to: 'cancelled' | 'paused'): void {
  patch([id], { state: to });
  if (!running || !idsOf(running.group).includes(id)) return;
  running.keep = to === 'paused';
  running.abort.abort();
}

function isInFlight(id: string): boolean {
  const item = state.items.find((candidate) => candidate.id === id);
  return item?.state === 'sending' || item?.state === 'checking' || item?.state === 'interrupted';
}

function idsOf({ items }: UploadGroup): string[] {
  return items.map(({ id }) => id);
}

function patch(ids: readonly string[], change: Partial<UploadItem>): void {
  set({ items: state.items.map((item) => (ids.includes(item.id) ? { ...item, ...change } : item)) });
}

function replace(items: readonly UploadItem[]): void {
  const byId = new Map(items.map((item) => [item.id, item]));
  set({ items: state.items.map((item) => byId.get(item.id) ?? item) });
}

function set(change: Partial<Uploads>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}
