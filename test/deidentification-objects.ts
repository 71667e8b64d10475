import { BASIC_PROFILE } from '../src/contract/deidentification.ts';
import { newId } from '../src/server/platform/ids.ts';
import type { Scope } from '../src/server/platform/scope.ts';

/** A de-identification of a study that is done, whose result is the study itself; `owner` stands in what it says. */
export async function makeDeidentification({ db, blobs }: Scope, { study, owner }: { study: string; owner: string }): Promise<string> {
  const id = newId();
  const report = await blobs.put(once(Buffer.from(JSON.stringify({ items: [] }))));
  await db
    .insertInto('deidentification')
    .values({
      id,
      study_instance_uid: study,
      options: JSON.stringify(BASIC_PROFILE),
      project: owner,
      patient_id: owner,
      secret: null,
      status: 'complete',
      result_study_instance_uid: study,
      stored_count: 1,
      refused: '[]',
      report_blob_key: report.key,
      requested_by: owner,
      created_at: '2030-01-01T00:00:00.000Z',
      finished_at: '2030-01-01T00:00:00.000Z',
    })
    .execute();
  return id;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
