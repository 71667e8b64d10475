import { problemOf, unreachable } from '../api.ts';

type SendOptions = { signal?: AbortSignal; onProgress?: (sentBytes: number) => void };

/**
 * Sends a form with its files. XMLHttpRequest, because fetch tells no upload progress.
 *
 * @returns the answer; the server reduces it to the response schema of its endpoint
 * @throws {ApiProblem} refused or unreachable
 * @throws {DOMException} `AbortError`
 */
export function sendForm<T>(url: string, form: FormData, { signal, onProgress }: SendOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new DOMException('Cancelled', 'AbortError'));
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.upload.onprogress = ({ loaded }) => onProgress?.(loaded);
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as T);
      else reject(problemOf(request.status, request.responseText));
    };
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}
