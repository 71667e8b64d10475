import type { Db } from '../../src/server/platform/ports.ts';
import { KEYS } from './tenant-queries.ts';

const AT = '2030-01-01T00:00:00.000Z';

/** Rows of every kind under the keys `KEYS`, the same in every tenant; `owner` stands in a column of each. */
export async function insertRowsOf(db: Db, owner: string): Promise<void> {
  const times = { created_at: AT, updated_at: AT };
  const counts = { instance_count: 0, attributes: '{}' };
  const searched = { study_moment: '20300101', modalities: '', series_count: 0, ...counts };
  const user = { full_name: owner, role: 'radiologist', password_hash: '', is_active: 1, is_operator: 0, created_at: AT, last_login: null };
  for (const key of KEYS) {
    const about = { study_instance_uid: key };
    await db
      .insertInto('setting')
      .values({ key, value: `${owner} ${key}` })
      .execute();
    await db
      .insertInto('patient')
      .values({ id: key, patient_id: key, issuer: '', name: owner, name_search: '', birth_date: null, sex: null, ...times })
      .execute();
    await db
      .insertInto('study')
      .values({
        ...about,
        patient_key: key,
        description: owner,
        is_synthetic: 0,
        status: 'complete',
        analysis_status: 'none',
        ...searched,
        ...times,
      })
      .execute();
    await db
      .insertInto('series')
      .values({ ...about, series_instance_uid: key, modality: 'CT', description: owner, sop_class_uid: '1.2', ...counts, created_at: AT })
      .execute();
    await db
      .insertInto('finding')
      .values({ ...about, id: key, source: 'person', code: 'c', title: owner, evidence: '{}', status: 'accepted', created_at: AT })
      .execute();
    await db
      .insertInto('event')
      .values({ ...about, type: 't', topic: key, payload: owner, created_at: AT })
      .execute();
    await db
      .insertInto('app_user')
      .values({ id: key, username: key, ...user })
      .execute();
    await insertReport(db, key, { owner, isSigned: key === '2' || key === '3' });
    const rights = { tls: 0, may_store: 1, may_query: 1, may_retrieve: 1 };
    await db
      .insertInto('peer')
      .values({ id: key, ae_title: key, host: owner, port: 1, ...rights, created_at: AT })
      .execute();
  }
}

async function insertReport(db: Db, key: string, { owner, isSigned }: { owner: string; isSigned: boolean }): Promise<void> {
  const status = isSigned ? 'final' : 'draft';
  const empty = { sections: '{}', finding_ids: '[]', pdf_status: 'none', created_at: AT, updated_at: AT } as const;
  await db
    .insertInto('report')
    .values({ id: key, study_instance_uid: key, version: 1, status, locale: 'en', signed_by: owner, ...empty })
    .execute();
}
