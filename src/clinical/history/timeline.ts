import type { HistorySource, TimelineEvent } from '../../contract/history.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { sourceOf } from './lab-series.ts';
import { dayOf, momentOf } from './moment.ts';
import { foldText, subjectOf } from './problems.ts';
import type { HistoryReport, HistoryStudy } from './relevance.ts';

type Sources = { entries: readonly RecordEntry[]; studies: readonly HistoryStudy[]; reports: readonly HistoryReport[] };

/** Measurements that one event names; the rest is counted. */
const MAX_NAMED = 6;

/**
 * Everything in one order, the newest first. Entries of one kind that share a code, or have the same words, and the same status on the same
 * day are one event; the measurements of a day are one event. What was refuted is no event.
 */
export function buildTimeline({ entries, studies, reports }: Sources): TimelineEvent[] {
  const stated = entries.filter(({ status }) => status !== 'refuted');
  const measured = stated.filter(({ kind }) => kind === 'observation');
  const rest = stated.filter(({ kind }) => kind !== 'observation');
  const events = [...mergeEqual(rest), ...observationDays(measured), ...studies.map(eventOfStudy), ...reports.map(eventOfReport)];
  return events.sort((a, b) => (momentOf(b.at)?.from ?? -1) - (momentOf(a.at)?.from ?? -1) || (a.title < b.title ? -1 : 1));
}

function mergeEqual(entries: readonly RecordEntry[]): TimelineEvent[] {
  const groups: { same: RecordEntry[]; names: Set<string> }[] = [];
  const byName = new Map<string, (typeof groups)[number]>();
  for (const entry of entries) {
    const names = namesOf(entry);
    const known = names.map((name) => byName.get(name)).find((group) => group !== undefined);
    const group = known ?? { same: [], names: new Set<string>() };
    if (!known) groups.push(group);
    group.same.push(entry);
    for (const name of names) byName.set(name, group);
  }
  return groups.flatMap(({ same }) => {
    const [first] = same;
    if (!first) return [];
    // Of entries that say the same, the one that says the most of when.
    const exact = same.reduce((a, b) => ((b.started_at ?? '').length > (a.started_at ?? '').length ? b : a));
    const until = same.map(({ ended_at }) => ended_at).find((at) => at !== null) ?? null;
    return [
      {
        kind: first.kind as Exclude<RecordEntry['kind'], 'observation'>,
        at: exact.started_at,
        until,
        title: first.text,
        status: first.status,
        from: same.map(sourceOf),
      },
    ];
  });
}

/** By each of its codes and its words, on its day, with its status. */
function namesOf(entry: RecordEntry): string[] {
  const when = `${entry.started_at === null ? '' : dayOf(entry.started_at)} ${entry.status}`;
  const codes = entry.codes.map(({ system, code }) => `${entry.kind} ${system} ${code}`);
  return [...new Set([subjectOf(entry), ...codes, `${entry.kind} ${foldText(entry.text)}`])].map((name) => `${name} ${when}`);
}

function observationDays(entries: readonly RecordEntry[]): TimelineEvent[] {
  const days = Map.groupBy(entries, ({ started_at }) => (started_at === null ? '' : dayOf(started_at)));
  return [...days.entries()].map(([day, same]) => {
    const names = [...new Set(same.map(({ text }) => text))];
    const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
    const from: HistorySource[] = same.map(sourceOf);
    return {
      kind: 'observations' as const,
      at: day || null,
      until: null,
      title: `${names.slice(0, MAX_NAMED).join(', ')}${more}`,
      status: null,
      from,
    };
  });
}

function eventOfStudy({ study_instance_uid, study_date, description, modalities }: HistoryStudy): TimelineEvent {
  const title = [modalities.join('/'), description ?? ''].filter(Boolean).join(', ') || 'Study';
  return { kind: 'study', at: study_date, until: null, title, status: null, from: [{ kind: 'study', id: study_instance_uid }] };
}

function eventOfReport({ id, study_instance_uid, signed_at, impression }: HistoryReport): TimelineEvent {
  const from: HistorySource[] = [
    { kind: 'report', id },
    { kind: 'study', id: study_instance_uid },
  ];
  return { kind: 'report', at: signed_at, until: null, title: impression.trim() || 'Report', status: 'signed', from };
}
