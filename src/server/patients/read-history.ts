import { RECORD_KINDS, type RecordKind } from '../../contract/patient-record.ts';
import { HISTORY_KINDS, type HistoryItem, type HistoryKind } from '../../contract/patients-history.ts';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import {
  documentMoments,
  entryMoments,
  listDocumentsOf,
  listEntriesOf,
  listReportLines,
  listStudyLines,
  reportMoments,
  studyMoments,
} from './history-repository.ts';
import { documentOf } from './keep-document.ts';

/** The views in which somebody sees the record, studies and reports of a patient: his rights may reach differently far. */
export type HistoryViews = { record: Db; studies: Db; reports: Db };
type Point = { kind: HistoryKind; id: string; at: string };
type HistoryQuery = { kinds?: string; cursor?: string; limit?: number };

/**
 * A page of what happened to a patient, the latest first. The whole of one patient's history is some thousand points in time, which are
 * put in order here; only what is on the page is read.
 *
 * @throws {AppError} `invalid-request` for kinds or a cursor that are none
 */
export async function readHistory(
  views: HistoryViews,
  patientKey: string,
  { kinds, cursor, limit = 50 }: HistoryQuery,
): Promise<{ items: HistoryItem[]; next_cursor: string | null }> {
  const [at, kind, id] = readCursor(cursor, 3) ?? [];
  const points = (await pointsOf(views, patientKey, kindsOf(kinds))).sort(latestFirst);
  // A cursor has three texts, or it would not have been read; what is null is in no order.
  const after = at && kind && id ? { at, kind: kind as HistoryKind, id } : undefined;
  const rest = after ? points.filter((point) => latestFirst(point, after) > 0) : points;
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    items: await itemsOf(views, page),
    next_cursor: rest.length > limit && last ? writeCursor([last.at, last.kind, last.id]) : null,
  };
}

async function pointsOf({ record, studies, reports }: HistoryViews, patientKey: string, kinds: ReadonlySet<HistoryKind>): Promise<Point[]> {
  const facts = RECORD_KINDS.filter((kind) => kinds.has(kind));
  const points: Point[] = await entryMoments(record, patientKey, facts);
  if (kinds.has('study'))
    points.push(...(await studyMoments(studies, patientKey)).map(({ id, at }) => ({ kind: 'study' as const, id, at: isoMoment(at) })));
  if (kinds.has('report'))
    points.push(...(await reportMoments(reports, patientKey)).map((point) => ({ kind: 'report' as const, ...point })));
  if (kinds.has('document'))
    points.push(...(await documentMoments(record, patientKey)).map((point) => ({ kind: 'document' as const, ...point })));
  return points;
}

async function itemsOf({ record, studies, reports }: HistoryViews, page: readonly Point[]): Promise<HistoryItem[]> {
  const idsOf = (kind: HistoryKind): string[] => page.filter((point) => point.kind === kind).map(({ id }) => id);
  const facts = page.filter(({ kind }) => RECORD_KINDS.includes(kind as RecordKind)).map(({ id }) => id);
  const parts = new Map<string, Omit<HistoryItem, 'kind' | 'id' | 'at'>>();
  for (const entry of await listEntriesOf(record, facts)) parts.set(entry.id, { title: entry.text, entry });
  for (const { modalities, ...study } of await listStudyLines(studies, idsOf('study'))) {
    const list = modalities.split(',').filter(Boolean);
    parts.set(study.study_instance_uid, { title: study.description ?? list.join(', '), study: { ...study, modalities: list } });
  }
  for (const { description, ...report } of await listReportLines(reports, idsOf('report')))
    parts.set(report.id, { title: description ?? '', report });
  for (const row of await listDocumentsOf(record, idsOf('document'))) parts.set(row.id, { title: row.title, document: documentOf(row) });
  // What has gone since its point was read is left out.
  return page.flatMap((point) => {
    const part = parts.get(point.id);
    return part ? [{ ...point, ...part }] : [];
  });
}

/** Later moments first; of two in the same day the more exact one. */
function latestFirst(a: Point, b: Point): number {
  return compare(b.at, a.at) || compare(a.kind, b.kind) || compare(b.id, a.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @param moment `YYYYMMDDhhmmss` with a fraction, or its beginning */
function isoMoment(moment: string): string {
  const [, date = '', time = ''] = /^(\d{8})(\d*)/.exec(moment) ?? [];
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;
  // Hours alone are no time of ISO 8601 that others read.
  return time.length < 4 ? day : `${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6).padEnd(2, '0')}`;
}

function kindsOf(text: string | undefined): ReadonlySet<HistoryKind> {
  if (text === undefined) return new Set(HISTORY_KINDS);
  const asked = text.split(',').map((kind) => kind.trim());
  const known = HISTORY_KINDS.filter((kind) => asked.includes(kind));
  if (known.length === new Set(asked).size) return new Set(known);
  throw new AppError('invalid-request', 'Some fields are not valid', {
    fields: [{ field: 'querystring/kinds', message: `any of ${HISTORY_KINDS.join(', ')}` }],
  });
}
