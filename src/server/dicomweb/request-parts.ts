import { type MediaRange, parseAccept } from './accept.ts';
import { isHeld } from './http-validators.ts';

/** What the answers of DICOMweb need of a request. */
type RequestParts = {
  headers: { accept?: string | undefined; 'if-none-match'?: string | undefined };
  query: unknown;
  protocol: string;
  host: string;
};

/** Absolute address of the service as the client reached it: the start of every URL in an answer. */
export function baseOf({ protocol, host }: RequestParts): string {
  return `${protocol}://${host}/dicom-web`;
}

/** What the client accepts: the `accept` parameter goes before the header (PS3.18 8.3.3.1). */
export function acceptedBy({ headers, query }: RequestParts): MediaRange[] {
  const { accept } = query as { accept?: unknown };
  return parseAccept(typeof accept === 'string' ? accept : headers.accept);
}

/** Path of an instance under the service. */
export function instancePathOf(uids: { study_instance_uid: string; series_instance_uid: string; sop_instance_uid: string }): string {
  return `/studies/${uids.study_instance_uid}/series/${uids.series_instance_uid}/instances/${uids.sop_instance_uid}`;
}

/**
 * Says in the answer what it is made of, and whether the client holds it already (then 304 without content is to be sent). A client may
 * keep it, and asks each time: who may see it can change.
 */
export function isUnchanged({ headers }: RequestParts, reply: { headers(values: Record<string, string>): unknown }, etag: string): boolean {
  reply.headers({ etag, vary: 'Accept', 'cache-control': 'private, no-cache' });
  return isHeld(headers['if-none-match'], etag);
}
