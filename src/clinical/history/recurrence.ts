import type { HistoryPattern } from '../../contract/history.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { sourceOf } from './lab-series.ts';
import { dayOf, daysBetween, type Moment, momentOf } from './moment.ts';
import { subjectOf } from './problems.ts';

/** Entries that begin closer together are taken for one episode that was written down twice. */
const EPISODE_DAYS = 30;
const MIN_EPISODES = 2;

type Episode = { entry: RecordEntry; start: Moment };

/** Problems that came back: the same condition begun at least twice, 30 days or more apart (our own rule). */
export function findRecurrences(entries: readonly RecordEntry[]): HistoryPattern[] {
  const dated = entries.flatMap((entry) => {
    const start = entry.kind === 'condition' && entry.status !== 'refuted' ? momentOf(entry.started_at) : undefined;
    return start ? [{ entry, start }] : [];
  });
  const bySubject = Map.groupBy(dated, ({ entry }) => subjectOf(entry));
  return [...bySubject.values()].flatMap((same) => {
    const sorted = same.sort((a, b) => a.start.from - b.start.from);
    const episodes = episodesOf(sorted);
    const [first, last] = [episodes[0], episodes.at(-1)];
    if (!first || !last || episodes.length < MIN_EPISODES) return [];
    return [
      {
        kind: 'recurrent' as const,
        rule: 'recurrent-condition',
        title: `${last.entry.text}: ${episodes.length} episodes`,
        explanation: `First recorded ${dayOf(first.entry.started_at ?? '')}, last ${dayOf(last.entry.started_at ?? '')}; beginnings at least ${EPISODE_DAYS} days apart count as episodes.`,
        citation: null,
        series: null,
        from: sorted.map(({ entry }) => sourceOf(entry)),
      },
    ];
  });
}

function episodesOf(sorted: readonly Episode[]): Episode[] {
  const episodes: Episode[] = [];
  for (const one of sorted) {
    const last = episodes.at(-1);
    if (!last || daysBetween(last.start, one.start) >= EPISODE_DAYS) episodes.push(one);
  }
  return episodes;
}
