import { type UploadResult, uploadImages, uploadStudies } from '../../contract/studies.ts';
import { problemOf, unreachable, urlOf } from '../api.ts';
import type { UploadGroup } from './items.ts';

/** What the reader says about plain pictures; they go before the files, as the server streams. */
export type PictureFields = { patient_id: string; patient_name: string; modality: string; body_part: string };

type SendOptions = { fields: PictureFields; signal: AbortSignal; onProgress: (sentBytes: number) => void };

/**
 * Sends the files of a group in one multipart request. XMLHttpRequest, because fetch tells no upload progress.
 *
 * @throws {ApiProblem} refused or unreachable
 * @throws {DOMException} `AbortError`
 */
export function sendTogether(group: UploadGroup, { fields, signal, onProgress }: SendOptions): Promise<UploadResult> {
  const form = new FormData();
  if (group.door === 'images') for (const [name, value] of Object.entries(fields)) if (value) form.append(name, value);
  for (const { file, name } of group.items) form.append('file', file, name);

  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', urlOf(group.door === 'images' ? uploadImages : uploadStudies));
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as UploadResult);
      else reject(problemOf(request.status, request.responseText));
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}
