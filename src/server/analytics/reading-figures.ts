import { MAX_ANALYTICS_DAYS, type ReadingAnalytics } from '../../contract/analytics.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { countArrivals, countDiscordances, countFindings, countRuns, listTurnaround, type Time, type TurnaroundRow } from './repository.ts';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;

/** The views in which the caller sees studies, and reports. */
export type FiguresDeps = { studiesOf: Db; reportsOf: Db; now: () => Date };
/** Days in UTC, both included. */
type Span = { from?: string | undefined; until?: string | undefined };

/**
 * What arrived in a span, and what became of it. Each figure is one statement over an index by arrival.
 *
 * @throws {AppError} `invalid-request` for a span that ends before it begins, or is too long
 */
export async function readingFigures({ studiesOf, reportsOf, now }: FiguresDeps, span: Span): Promise<ReadingAnalytics> {
  const at = now();
  const { from, until, days } = spanOf(span, at);
  const time: Time = { from: startOf(from), before: dayAfter(until) };
  const arrivals = await countArrivals(studiesOf, time);
  const studies = sum(arrivals.map((row) => row.studies));
  const all = turnaroundOf(await listTurnaround(reportsOf, time, 'all'));
  return {
    at: at.toISOString(),
    from,
    until,
    studies,
    days: days.map((day) => ({ day, studies: sum(arrivals.filter((row) => row.day === day).map((row) => row.studies)) })),
    volumes: volumesOf(arrivals),
    turnaround: {
      ...(all.get('') ?? { signed: 0, median_s: null, p90_s: null }),
      unsigned: Math.max(0, studies - (all.get('')?.signed ?? 0)),
      by_modalities: [...turnaroundOf(await listTurnaround(reportsOf, time, 'modalities'))]
        .map(([modalities, figures]) => ({ modalities, ...figures }))
        .sort((a, b) => b.signed - a.signed),
    },
    findings: findingsOf(await countFindings(studiesOf, time)),
    runs: runsOf(await countRuns(studiesOf, time)),
    discordances: discordancesOf(await countDiscordances(reportsOf, time)),
  };
}

function spanOf({ from, until }: Span, at: Date): { from: string; until: string; days: string[] } {
  const last = until ?? at.toISOString().slice(0, 10);
  const first = from ?? dayOf(Date.parse(startOf(last)) - (DEFAULT_DAYS - 1) * DAY_MS);
  const count = (Date.parse(startOf(last)) - Date.parse(startOf(first))) / DAY_MS + 1;
  if (count < 1) throw new AppError('invalid-request', 'The span ends before it begins');
  if (count > MAX_ANALYTICS_DAYS) throw new AppError('invalid-request', `A span has at most ${MAX_ANALYTICS_DAYS} days`);
  const days = Array.from({ length: count }, (_, index) => dayOf(Date.parse(startOf(first)) + index * DAY_MS));
  return { from: first, until: last, days };
}

type Arrivals = Awaited<ReturnType<typeof countArrivals>>;

function volumesOf(arrivals: Arrivals): ReadingAnalytics['volumes'] {
  const counted = new Map<string, ReadingAnalytics['volumes'][number]>();
  for (const { day, modalities, studies } of arrivals) {
    for (const modality of modalities.split(',').filter(Boolean)) {
      const key = `${day} ${modality}`;
      counted.set(key, { day, modality, studies: (counted.get(key)?.studies ?? 0) + studies });
    }
  }
  return [...counted.values()];
}

type Figures = { signed: number; median_s: number | null; p90_s: number | null };

/** Of the rows at the ranks of the two percentiles; where both are of the same rank, there is one row. */
function turnaroundOf(rows: readonly TurnaroundRow[]): Map<string, Figures> {
  const groups = Map.groupBy(rows, ({ modalities }) => modalities);
  return new Map(
    [...groups].map(([modalities, of]) => [
      modalities,
      { signed: of[0]?.signed ?? 0, median_s: of[0]?.seconds ?? null, p90_s: of.at(-1)?.seconds ?? null },
    ]),
  );
}

function findingsOf(rows: Awaited<ReturnType<typeof countFindings>>): ReadingAnalytics['findings'] {
  const groups = Map.groupBy(rows, ({ model_id, model_version, code }) => JSON.stringify([model_id, model_version, code]));
  return [...groups.values()].flatMap((of) => {
    const [first] = of;
    if (!first) return [];
    const { model_id, model_version, code, title } = first;
    const in_ = (status: string): number => of.find((row) => row.status === status)?.count ?? 0;
    return [
      {
        model_id,
        model_version,
        code,
        title,
        proposed: in_('proposed'),
        accepted: in_('accepted'),
        edited: in_('edited'),
        rejected: in_('rejected'),
      },
    ];
  });
}

function runsOf(rows: Awaited<ReturnType<typeof countRuns>>): ReadingAnalytics['runs'] {
  const groups = Map.groupBy(rows, ({ model_id, model_version }) => JSON.stringify([model_id, model_version]));
  return [...groups.values()].flatMap((of) => {
    const [first] = of;
    if (!first) return [];
    const { model_id, model_version } = first;
    const ended = (status: string): number => of.find((row) => row.status === status)?.count ?? 0;
    const [succeeded, abstained, failed] = [ended('succeeded'), ended('abstained'), ended('failed')];
    const other = sum(of.map(({ count }) => count)) - succeeded - abstained - failed;
    return [{ model_id, model_version, succeeded, abstained, failed, other }];
  });
}

function discordancesOf(rows: Awaited<ReturnType<typeof countDiscordances>>): ReadingAnalytics['discordances'] {
  const groups = Map.groupBy(rows, ({ kind }) => kind);
  return [...groups].map(([kind, of]) => {
    const open = of.find(({ status }) => status === 'open')?.count ?? 0;
    return { kind, open, resolved: sum(of.map(({ count }) => count)) - open };
  });
}

function startOf(day: string): string {
  return `${day}T00:00:00.000Z`;
}

function dayAfter(day: string): string {
  return startOf(dayOf(Date.parse(startOf(day)) + DAY_MS));
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
