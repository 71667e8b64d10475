import type { UploadResult } from '../../contract/studies.ts';
import type { ApiProblem } from '../api.ts';

/** Files up to this size travel together in one request; a larger one travels alone and resumes after a broken connection. */
export const TOGETHER_MAX_BYTES = 64_000_000;
/** Keeps small what is repeated when a request breaks. */
const TOGETHER_MAX_FILES = 200;

/** `interrupted`: the connection broke, and it goes on by itself. */
export type UploadState =
  | 'waiting'
  | 'sending'
  | 'checking'
  | 'interrupted'
  | 'paused'
  | 'stored'
  | 'already_held'
  | 'refused'
  | 'failed'
  | 'cancelled';

export type UploadItem = {
  id: string;
  file: File;
  /** Path as dropped. */
  name: string;
  state: UploadState;
  sentBytes: number;
  result: UploadResult | null;
  /** Why it was refused or not sent. */
  reason: string | null;
  requestId: string | null;
};

/** What one request carries. */
export type UploadGroup = { door: 'studies' | 'images' | 'resumable'; items: UploadItem[] };

/** Whether the file is a picture without patient data of its own. */
export function isPicture(name: string): boolean {
  return /\.(png|jpe?g|tiff?)$/i.test(name);
}

/** The next request's files, in order; undefined when nothing waits. An archive goes alone, so that what was inside is told apart. */
export function nextGroup(items: readonly UploadItem[]): UploadGroup | undefined {
  const waiting = items.filter((item) => item.state === 'waiting');
  const first = waiting[0];
  if (!first) return undefined;
  if (first.file.size > TOGETHER_MAX_BYTES) return { door: 'resumable', items: [first] };
  const door = doorOf(first);
  if (isArchive(first.name)) return { door, items: [first] };

  const group: UploadItem[] = [];
  // The answer names files without their folders: a name that comes again waits for the next request.
  const names = new Set<string>();
  let bytes = 0;
  for (const item of waiting) {
    const name = baseName(item.name);
    bytes += item.file.size;
    if (bytes > TOGETHER_MAX_BYTES || group.length === TOGETHER_MAX_FILES || names.has(name)) break;
    if (doorOf(item) !== door || isArchive(item.name)) break;
    names.add(name);
    group.push(item);
  }
  return { door, items: group };
}

/** What became of each file of one request: all lines belong to a file that went alone, else the line with its name. */
export function applyResult(items: readonly UploadItem[], result: UploadResult): UploadItem[] {
  return items.map((item) => {
    const lines = items.length === 1 ? result.items : result.items.filter(({ file }) => baseName(file) === baseName(item.name));
    const refused = lines.filter((line) => line.status === 'refused');
    const stored = lines.filter((line) => line.status === 'stored').length;
    const own = { stored, already_held: lines.length - stored - refused.length, refused: refused.length, items: lines };
    return {
      ...item,
      state: stateOf(own),
      sentBytes: item.file.size,
      result: own,
      reason: lines.length === 1 ? (refused[0]?.reason ?? null) : null,
      requestId: null,
    };
  });
}

/** A failed request: the server refused the content, or the sending failed and may be tried again. */
export function applyProblem(items: readonly UploadItem[], problem: ApiProblem): UploadItem[] {
  const refused = problem.status >= 400 && problem.status < 500 && ![401, 403, 408, 429].includes(problem.status);
  return items.map((item) => {
    const own = problem.fields.find(({ field }) => baseName(field) === baseName(item.name));
    const reason = own?.message ?? [problem.title, problem.detail].filter(Boolean).join('. ');
    return { ...item, state: refused ? 'refused' : 'failed', sentBytes: 0, reason, requestId: problem.requestId || null };
  });
}

/** How many of `total` bytes belong to each file of a request that sends them one after the other. */
export function shareProgress(items: readonly UploadItem[], sentBytes: number): UploadItem[] {
  let before = 0;
  return items.map((item) => {
    const own = Math.max(0, Math.min(item.file.size, sentBytes - before));
    before += item.file.size;
    return { ...item, sentBytes: own, state: own >= item.file.size ? 'checking' : 'sending' };
  });
}

function doorOf(item: UploadItem): 'studies' | 'images' {
  return isPicture(item.name) ? 'images' : 'studies';
}

function isArchive(name: string): boolean {
  return /\.zip$/i.test(name);
}

function stateOf(own: UploadResult): UploadState {
  if (own.stored > 0) return 'stored';
  return own.already_held > 0 ? 'already_held' : 'refused';
}

function baseName(name: string): string {
  return name.split('/').at(-1) ?? name;
}
