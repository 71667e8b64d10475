import type { ReadingFilter, ReadingItem, ReadingOrder } from '../src/contract/reading-list.ts';
import { listReadings } from '../src/contract/reading-list.ts';
import { createOrder } from '../src/contract/worklist.ts';
import { appendEvent } from '../src/server/events/append-event.ts';
import { proposeFindings } from '../src/server/findings/propose-findings.ts';
import { newId } from '../src/server/platform/ids.ts';
import type { TestApp } from './app.ts';
import { secondaryCapture } from './builders.ts';

export type NewStudy = { uid: string; patient?: string; modality?: string; bodyPart?: string; date?: string };

/** Stores a study of one instance, and lets its analysis come to its end. */
export async function storeToRead(app: TestApp, { uid, patient = uid, modality = 'OT', bodyPart, date }: NewStudy): Promise<void> {
  const more = {
    ...(bodyPart ? { '00180015': { vr: 'CS' as const, Value: [bodyPart] } } : {}),
    ...(date ? { '00080020': { vr: 'DA' as const, Value: [date] } } : {}),
  };
  const bytes = secondaryCapture({ study: uid, series: `${uid}.1`, instance: `${uid}.1.1`, patientId: patient, modality, more });
  const { statusCode, body } = await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }]);
  if (statusCode !== 200) throw new Error(body);
  await app.drain();
}

/** What a run of a model says, as it says it. @returns the id of the finding */
export async function findInStudy(app: TestApp, uid: string, { code, confidence }: { code: string; confidence: number }): Promise<string> {
  const at = app.deps.now().toISOString();
  const id = newId(app.deps.now());
  await app.deps.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('analysis')
      .values({
        id,
        run_key: id,
        study_instance_uid: uid,
        model_id: 'test-model',
        model_version: '2.1',
        model_digest: 'd',
        parameters: '{}',
        status: 'succeeded',
        scores: '[]',
        measurements: '[]',
        created_at: at,
      })
      .execute();
    const place = { sop_instance_uid: null, frame: null, box: null, evidence: {}, threshold: 0.5 };
    await proposeFindings(tx, { id, study_instance_uid: uid, series_instance_uid: null, created_at: at }, [
      { ...place, code, title: code, confidence },
    ]);
    await appendEvent(tx, { type: 'analysis_finished', study_instance_uid: uid, at, ids: { analysis_id: id } });
  });
  const { id: finding } = await app.deps.db.selectFrom('finding').select('id').where('analysis_id', '=', id).executeTakeFirstOrThrow();
  return finding;
}

export async function orderStudy(app: TestApp, uid: string, priority: 'STAT' | 'HIGH' | 'ROUTINE' | 'LOW'): Promise<void> {
  await app.call(createOrder, {
    body: {
      study_instance_uid: uid,
      patient_id: 'ORDERED',
      patient_name: 'Ordered^Test',
      accession_number: 'A1',
      requested_procedure_id: 'R1',
      step_id: 'S1',
      modality: 'OT',
      station_ae_title: 'STATION',
      start_date: '20261121',
      start_time: '0800',
      priority,
    },
  });
}

/** The whole list for a filter, page after page of two, and where it ends. */
export async function readList(app: TestApp, query: ReadingFilter & { order?: ReadingOrder } = {}): Promise<ReadingItem[]> {
  const items: ReadingItem[] = [];
  for (let cursor = ''; ; ) {
    const page = await app.call(listReadings, { query: { ...query, limit: 2, ...(cursor ? { cursor } : {}) } });
    items.push(...page.items);
    if (page.next_cursor === null) return items;
    cursor = page.next_cursor;
  }
}

export const uidsOf = (items: readonly ReadingItem[]): string[] => items.map(({ study_instance_uid }) => study_instance_uid);
