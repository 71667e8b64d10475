import { InferenceError, type InferenceErrorKind } from './errors.ts';

/** To a worker thread: one task at a time, or the order to stop once idle. */
export type ToWorker<Request> = { request: Request } | { stop: true };

/** From a worker thread: the outcome of its task. */
export type FromWorker<Response> = { response: Response } | { error: { kind: InferenceErrorKind; message: string } };

/** An error in the shape that crosses threads; what is not an InferenceError becomes `failed`. */
export function describeError(error: unknown): { kind: InferenceErrorKind; message: string } {
  if (error instanceof InferenceError) return { kind: error.kind, message: error.message };
  return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
}

/** The array alone in its own buffer, so that the buffer can move to another thread; copies only a view into something larger. */
export function movable<T extends Float32Array | Uint8Array>(array: T): T & { buffer: ArrayBuffer } {
  const isWhole = array.buffer instanceof ArrayBuffer && array.byteLength === array.buffer.byteLength;
  // `slice` of a typed array always makes an ArrayBuffer; of a Node Buffer it makes a view, hence the two cases.
  const owned = isWhole ? array : array instanceof Float32Array ? array.slice() : new Uint8Array(array);
  return owned as T & { buffer: ArrayBuffer };
}
