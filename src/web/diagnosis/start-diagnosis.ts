import { createDiagnosis } from '../../contract/diagnosis.ts';
import { addDiagnosisImages } from '../../contract/diagnosis-work.ts';
import type { StoredItem, UploadResult } from '../../contract/studies.ts';
import { ApiProblem, call, urlOf } from '../api.ts';
import { sendForm } from '../upload/send-form.ts';
import { type Draft, requestOf } from './draft.ts';

const MOST_FILES = 200;
const MOST_BYTES = 200_000_000;

export type Started = {
  id: string;
  /** Files that were not taken, and why; the diagnosis runs without them. */
  refused: readonly Pick<StoredItem, 'file' | 'reason'>[];
};
type Sending = { signal: AbortSignal; onProgress: (share: number) => void };

/**
 * Makes the diagnosis and sends its files; a bad one stops none of the others.
 *
 * @throws {ApiProblem} when the diagnosis cannot be made, or the server cannot be reached
 * @throws {DOMException} `AbortError`: what was sent before is kept
 */
export async function startDiagnosis(
  draft: Draft & { patientKey: string },
  sending: Sending,
  made: (id: string) => void,
): Promise<Started> {
  const { id } = await call(createDiagnosis, { body: requestOf(draft) });
  made(id);
  const refused: Pick<StoredItem, 'file' | 'reason'>[] = [];
  const total = Math.max(1, sizeOf(draft.files));
  const url = urlOf(addDiagnosisImages, { params: { id } });
  let sent = 0;
  for (const group of groupsOf(draft.files)) {
    const onProgress = (bytes: number) => sending.onProgress(Math.min(1, (sent + bytes) / total));
    refused.push(...(await refusalsOf(group, sendForm(url, formOf(group), { signal: sending.signal, onProgress }))));
    sent += sizeOf(group);
    sending.onProgress(sent / total);
  }
  return { id, refused };
}

function formOf(files: readonly File[]): FormData {
  const form = new FormData();
  for (const file of files) form.append('file', file, file.name);
  return form;
}

/** As many files as one request carries: each request makes the imaging agent begin anew, and a broken one is lost as a whole. */
function groupsOf(files: readonly File[]): File[][] {
  const groups: File[][] = [];
  for (const file of files) {
    const last = groups.at(-1);
    if (last && last.length < MOST_FILES && sizeOf(last) + file.size <= MOST_BYTES) last.push(file);
    else groups.push([file]);
  }
  return groups;
}

function sizeOf(files: readonly File[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

async function refusalsOf(group: readonly File[], sending: Promise<UploadResult>): Promise<Pick<StoredItem, 'file' | 'reason'>[]> {
  try {
    return (await sending).items.filter(({ status }) => status === 'refused');
  } catch (error) {
    // What the server refuses is the files' fault; anything else ends the sending.
    if (!(error instanceof ApiProblem) || error.kind === 'unreachable' || error.status >= 500 || error.status === 401) throw error;
    return group.map(({ name }) => ({ file: name, reason: error.detail }));
  }
}
