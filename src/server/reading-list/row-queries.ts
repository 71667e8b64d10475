import type { ReadingItem } from '../../contract/reading-list.ts';
import type { StudySummary } from '../../contract/studies.ts';
import type { Db } from '../platform/ports.ts';
import type { Search } from '../studies/search-filter.ts';
import { type KeyRow, type Keys, orderOf } from '../studies/search-queries.ts';
import { readSummaries } from '../studies/summary-queries.ts';

/** A line of the list as the database has it, with its place in the order. */
export type ReadingRow = KeyRow & { summary: StudySummary };
/** What the list says of a study besides its summary. */
export type ReadingExtras = Pick<
  ReadingItem,
  'patient_key' | 'assignee' | 'lock' | 'labels' | 'body_parts' | 'first_opened_at' | 'drafted_at' | 'signed_at'
>;

/** Reads the lines that keys name, in the order of the search. */
export async function readLines(db: Db, keys: Keys, search: Pick<Search, 'level' | 'scope' | 'order'>): Promise<ReadingRow[]> {
  return readSummaries(db, keys, orderOf(search));
}

/** Everything else of the lines of a page, a few statements for all of them. @param now ISO 8601: locks that ended are left out */
export async function readExtras(db: Db, uids: readonly string[], now: string): Promise<Map<string, ReadingExtras>> {
  if (uids.length === 0) return new Map();
  const [rows, labels, bodyParts, reports] = [
    await listReadingRows(db, uids, now),
    Map.groupBy(await listLabels(db, uids), byStudy),
    Map.groupBy(await listBodyParts(db, uids), byStudy),
    new Map((await listReportTimes(db, uids)).map((row) => [row.study_instance_uid, row])),
  ];
  return new Map(
    rows.map((row) => {
      const { study_instance_uid: uid, patient_key, first_opened_at } = row;
      const report = reports.get(uid);
      const extras: ReadingExtras = {
        patient_key,
        first_opened_at,
        assignee: row.reader_id && row.reader_name !== null ? { id: row.reader_id, full_name: row.reader_name } : null,
        lock: lockOf(row),
        labels: (labels.get(uid) ?? []).map(({ label }) => label),
        body_parts: (bodyParts.get(uid) ?? []).flatMap(({ body_part }) => body_part ?? []),
        drafted_at: report?.drafted_at ?? null,
        signed_at: report?.signed_at ?? null,
      };
      return [uid, extras];
    }),
  );
}

type OfStudy = { study_instance_uid: string };

function byStudy({ study_instance_uid }: OfStudy): string {
  return study_instance_uid;
}

function lockOf(row: Awaited<ReturnType<typeof listReadingRows>>[number]): ReadingItem['lock'] {
  const { lock_user: user_id, lock_name: full_name, lock_since: since, lock_until: until } = row;
  return user_id && full_name !== null && since && until ? { user_id, full_name, since, until } : null;
}

async function listReadingRows(db: Db, uids: readonly string[], now: string) {
  return db
    .selectFrom('study')
    .leftJoin('reading', 'reading.study_instance_uid', 'study.study_instance_uid')
    .leftJoin('reading_lock as held', (join) =>
      join.onRef('held.study_instance_uid', '=', 'study.study_instance_uid').on('held.until', '>', now),
    )
    .leftJoin('app_user as holder', 'holder.id', 'held.user_id')
    .leftJoin('app_user as reader', 'reader.id', 'study.reader_id')
    .select([
      'study.study_instance_uid',
      'study.patient_key',
      'study.reader_id',
      'reader.full_name as reader_name',
      'reading.first_opened_at',
      'held.user_id as lock_user',
      'holder.full_name as lock_name',
      'held.since as lock_since',
      'held.until as lock_until',
    ])
    .where('study.study_instance_uid', 'in', uids)
    .execute();
}

async function listLabels(db: Db, uids: readonly string[]) {
  return db
    .selectFrom('study_label')
    .select(['study_instance_uid', 'label'])
    .where('study_instance_uid', 'in', uids)
    .orderBy('label')
    .execute();
}

async function listBodyParts(db: Db, uids: readonly string[]) {
  return db
    .selectFrom('series')
    .select(['study_instance_uid', 'body_part'])
    .distinct()
    .where('study_instance_uid', 'in', uids)
    .where('body_part', 'is not', null)
    .orderBy('body_part')
    .execute();
}

/** When the first version was drafted, and the newest signed. */
async function listReportTimes(db: Db, uids: readonly string[]) {
  return db
    .selectFrom('report')
    .select((report) => ['study_instance_uid', report.fn.min('created_at').as('drafted_at'), report.fn.max('signed_at').as('signed_at')])
    .where('study_instance_uid', 'in', uids)
    .groupBy('study_instance_uid')
    .execute();
}
