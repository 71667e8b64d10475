import type { StudySummary } from '../../contract/studies.ts';
import type { Db } from '../platform/ports.ts';
import { searchForm } from './patient-name.ts';
import { search } from './search.ts';
import { cursorAfter, placeAfter } from './search-place.ts';
import { LIST, readSummaries, type SummaryRow } from './summary-queries.ts';

export type StudyPage = { items: StudySummary[]; next_cursor: string | null };
type ListQuery = { limit?: number; cursor?: string; q?: string };

/**
 * A page of the study list: the newest arrival first. Each word of `q` stands somewhere in the patient's name or ID, the accession number
 * or the study's description.
 *
 * @throws {AppError} `invalid-request` for a cursor that is none
 */
export async function listStudies(db: Db, { limit = 50, cursor, q = '' }: ListQuery): Promise<StudyPage> {
  const words = searchForm(q).split(' ').filter(Boolean);
  const filters = words.length > 0 ? [{ kind: 'text' as const, words }] : [];
  const door = { read: (keys: Parameters<typeof readSummaries>[1]) => readSummaries(db, keys), attributes: () => ({}) };
  const rows: SummaryRow[] = [];
  // One more than asked for tells whether there are more.
  const wanted = { limit: limit + 1, after: placeAfter(cursor) };
  for await (const batch of search(db, { ...LIST, filters }, door, wanted)) rows.push(...batch);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(({ summary }) => summary),
    next_cursor: rows.length > limit && last ? cursorAfter(last) : null,
  };
}
