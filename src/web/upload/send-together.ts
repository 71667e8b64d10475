import { type UploadResult, uploadImages, uploadStudies } from '../../contract/studies.ts';
import { urlOf } from '../api.ts';
import type { UploadGroup } from './items.ts';
import { sendForm } from './send-form.ts';

/** What the reader says about plain pictures; they go before the files, as the server streams. */
export type PictureFields = { patient_id: string; patient_name: string; modality: string; body_part: string };

type SendOptions = { fields: PictureFields; signal: AbortSignal; onProgress: (sentBytes: number) => void };

/**
 * Sends the files of a group in one multipart request.
 *
 * @throws {ApiProblem} refused or unreachable
 * @throws {DOMException} `AbortError`
 */
export async function sendTogether(group: UploadGroup, { fields, signal, onProgress }: SendOptions): Promise<UploadResult> {
  const form = new FormData();
  if (group.door === 'images') for (const [name, value] of Object.entries(fields)) if (value) form.append(name, value);
  for (const { file, name } of group.items) form.append('file', file, name);

  return sendForm(urlOf(group.door === 'images' ? uploadImages : uploadStudies), form, { signal, onProgress });
}
