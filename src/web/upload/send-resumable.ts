import type { DetailedError, HttpResponse, Upload, UploadOptions } from 'tus-js-client';
import { getUploadResult, type UploadResult } from '../../contract/studies.ts';
import { call, problemOf, unreachable } from '../api.ts';
import { fileFingerprint, uploadStorage } from './fingerprint.ts';

const UPLOADS_PATH = '/api/v1/uploads';
const CHUNK_BYTES = 16 * 1024 * 1024;
/** A hiccup; what lasts longer is told to the reader (`queue.ts`). */
const RETRY_DELAYS_MS = [0, 1000];

/** Where files of this page are being taken; remembered between visits too where the browser can name a file (`fingerprint.ts`). */
const begun = new WeakMap<File, string>();

type SendOptions = { signal: AbortSignal; keepOnAbort: () => boolean; onProgress: (sentBytes: number) => void };

/**
 * Sends one large file by the tus protocol; continues where an earlier try stopped, also after the page was closed. On abort the part
 * that was sent stays on the server if `keepOnAbort` says so (a pause), and is deleted otherwise.
 *
 * @throws {ApiProblem} refused or unreachable
 * @throws {DOMException} `AbortError`
 */
export async function sendResumable(file: File, { signal, keepOnAbort, onProgress }: SendOptions): Promise<UploadResult> {
  const tus = await import('tus-js-client');
  const fingerprint = await fileFingerprint(file);
  let stop = (): void => {};
  const { upload, response } = await new Promise<{ upload: Upload; response: HttpResponse }>((resolve, reject) => {
    const upload: Upload = new tus.Upload(file, {
      ...options(file, fingerprint),
      ...(begun.has(file) ? { uploadUrl: begun.get(file) ?? null } : {}),
      onUploadUrlAvailable: () => upload.url && begun.set(file, upload.url),
      onProgress,
      onError: (error) => reject(problemOfTus(error)),
      onSuccess: ({ lastResponse }) => resolve({ upload, response: lastResponse }),
    });
    stop = () => {
      if (!keepOnAbort()) begun.delete(file);
      void upload.abort(!keepOnAbort()).catch(() => {});
      reject(new DOMException('Cancelled', 'AbortError'));
    };
    signal.addEventListener('abort', stop);
    void startOrResume(upload, fingerprint);
  }).finally(() => signal.removeEventListener('abort', stop));
  return decodeResult(response.getHeader('Upload-Result')) ?? fetchResult(upload.url ?? '');
}

function options(file: File, fingerprint: string | undefined): UploadOptions {
  return {
    endpoint: UPLOADS_PATH,
    chunkSize: CHUNK_BYTES,
    retryDelays: RETRY_DELAYS_MS,
    metadata: { filename: file.name },
    storeFingerprintForResuming: fingerprint !== undefined,
    removeFingerprintOnSuccess: true,
    urlStorage: uploadStorage,
    fingerprint: async () => fingerprint ?? '',
  };
}

async function startOrResume(upload: Upload, fingerprint: string | undefined): Promise<void> {
  const isBegun = upload.options.uploadUrl;
  const [previous] = fingerprint && !isBegun ? await upload.findPreviousUploads() : [];
  if (previous) upload.resumeFromPreviousUpload(previous);
  upload.start();
}

function problemOfTus(error: Error | DetailedError) {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  return response ? problemOf(response.getStatus(), response.getBody()) : unreachable();
}

/** The header of the answer to the last piece: base64 of the JSON. */
function decodeResult(header: string | undefined): UploadResult | undefined {
  if (!header) return undefined;
  const bytes = Uint8Array.from(atob(header), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as UploadResult;
}

/** Asked for when the answer to the last piece was lost with its header. */
function fetchResult(uploadUrl: string): Promise<UploadResult> {
  return call(getUploadResult, { params: { id: uploadUrl.split('/').at(-1) ?? '' } });
}
