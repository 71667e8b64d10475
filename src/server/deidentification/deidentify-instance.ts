import type { DeidentificationOptions } from '../../contract/deidentification.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import type { TenantKeys } from '../platform/tenant-keys.ts';
import type { Deidentifier } from './deidentifier.ts';
import type { FileOutcome } from './deidentify-file.ts';
import { pseudonymKey } from './pseudonym-key.ts';

export type InstanceDeps = { db: Db; blobs: BlobStore; keys: TenantKeys; now: () => Date; deidentifier: Deidentifier };

/** How an object is to be de-identified. Objects of one project and one secret stay linked with each other. */
export type InstanceRequest = {
  options: DeidentificationOptions;
  project?: string;
  /** Instead of the tenant's own. */
  secret?: string | undefined;
  patientId?: string | undefined;
  signal?: AbortSignal | undefined;
};

/**
 * A de-identified copy of one stored object, as a file, with the report of what was done; or why there is none. Nothing is stored: whoever asks
 * stores, forwards or writes it.
 *
 * @throws {InferenceError} `busy`, `closed`, `crashed`
 */
export async function deidentifyInstance(deps: InstanceDeps, blobKey: string, request: InstanceRequest): Promise<FileOutcome> {
  const { options, project = '', secret, patientId, signal } = request;
  const key = await pseudonymKey(deps, { project, secret });
  const bytes = await deps.blobs.read(blobKey);
  return deps.deidentifier.run(bytes, { options, key, patientId }, signal === undefined ? {} : { signal });
}
