import type { ReadingFilter, ReadingItem, ReadingOrder, ReadingTargets } from '../../contract/reading-list.ts';
import type { StudySummary } from '../../contract/studies.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { search } from '../studies/search.ts';
import { cursorAfter, placeAfter } from '../studies/search-place.ts';
import type { findKeys, KeyRow } from '../studies/search-queries.ts';
import { findSummary } from '../studies/summary-queries.ts';
import { readFacts } from './fact-queries.ts';
import { searchOf } from './filter-readings.ts';
import { readPreferences } from './preferences.ts';
import { prioritize } from './priority.ts';
import { type ReadingRow, readExtras, readLines } from './row-queries.ts';
import { readSharedViews } from './share-view.ts';
import { readTargets, targetModalityOf, targetsOf } from './targets.ts';

type ReadDeps = { db: Db; now: () => Date };
type Asked = ReadingFilter & { order?: ReadingOrder; limit?: number; cursor?: string };

/** Counting a view goes no further: a badge says no more than "999+". */
const MOST_COUNTED = 1_000;
/** The views that everybody has. */
const VIEWS: Readonly<Record<string, ReadingFilter>> = {
  open: {},
  mine: { assignee: 'me' },
  nobody: { assignee: 'nobody' },
  critical: { level: 'critical' },
  overdue: { overdue: true },
  drafted: { status: 'drafted' },
};

/**
 * A page of the reading list. Its order is kept with every change and read from an index; the reasons are worked out for the lines of the
 * page alone, by the same rules.
 *
 * @throws {AppError} `invalid-request` for a cursor that is none
 */
export async function listReadings(
  { db, now }: ReadDeps,
  userId: string,
  { limit = 50, cursor, order = 'priority', ...filter }: Asked,
): Promise<{ items: ReadingItem[]; next_cursor: string | null }> {
  const at = now();
  const targets = await readTargets(db);
  const what = searchOf({ filter, order, userId, targets, now: at });
  const door = { read: (keys: Parameters<typeof readLines>[1]) => readLines(db, keys, what), attributes: () => ({}) };
  const rows: ReadingRow[] = [];
  // One more than asked for tells whether there are more.
  const wanted = { limit: limit + 1, after: placeAfter(cursor) };
  for await (const batch of search(db, what, door, wanted)) rows.push(...batch);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: await itemsOf(
      { db, now: at, targets },
      page.map(({ summary }) => summary),
    ),
    next_cursor: rows.length > limit && last ? cursorAfter(last) : null,
  };
}

/** @throws {AppError} `study-not-found` */
export async function readReading({ db, now }: ReadDeps, studyInstanceUid: string): Promise<ReadingItem> {
  const summary = await findSummary(db, studyInstanceUid);
  const [item] = summary ? await itemsOf({ db, now: now(), targets: await readTargets(db) }, [summary]) : [];
  if (!item) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
  return item;
}

/** The views that somebody has, by name. */
export type Counted = { views: readonly (readonly [name: string, filter: ReadingFilter])[]; targets: ReadingTargets };

/** Everybody's views, one's own, and those that others share. */
export async function readViews(db: Db, userId: string): Promise<Counted> {
  const own = await readPreferences(db, userId);
  const shared = await readSharedViews(db, userId);
  const views = [...Object.entries(VIEWS), ...[...own.views, ...shared].map(({ id, filter }) => [id, filter] as const)];
  return { views, targets: await readTargets(db) };
}

/** How many studies stand in each view, counted up to a bound. */
export async function countReadings(
  { db, now }: ReadDeps,
  userId: string,
  { views, targets }: Counted,
): Promise<{ most: number; counts: Record<string, number> }> {
  const counts: Record<string, number> = {};
  for (const [name, filter] of views) {
    const what = searchOf({ filter, order: 'priority', userId, targets, now: now() });
    const door = { read: async (keys: ReturnType<typeof findKeys>): Promise<KeyRow[]> => keys.execute(), attributes: () => ({}) };
    let count = 0;
    for await (const batch of search(db, what, door, { limit: MOST_COUNTED })) count += batch.length;
    counts[name] = count;
  }
  return { most: MOST_COUNTED, counts };
}

type ItemDeps = { db: Db; now: Date; targets: ReadingTargets };

async function itemsOf({ db, now, targets }: ItemDeps, summaries: readonly StudySummary[]): Promise<ReadingItem[]> {
  const uids = summaries.map(({ study_instance_uid }) => study_instance_uid);
  const at = now.toISOString();
  const known = await readFacts(db, uids, at.slice(0, 10));
  const extras = await readExtras(db, uids, at);
  return summaries.flatMap((summary) => {
    const [facts, more] = [known.get(summary.study_instance_uid), extras.get(summary.study_instance_uid)];
    // Deleted in between.
    if (!facts || !more) return [];
    const diagnosis = facts.diagnoses[0] ?? null;
    const priority = prioritize(facts.facts, targetsOf(targets, targetModalityOf(targets, facts.modalities)), now);
    return [{ ...summary, ...more, ...priority, reading_status: facts.reading_status, diagnosis }];
  });
}
