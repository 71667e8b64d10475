import type { HistoryPattern } from '../../contract/history.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { checkMedications } from '../drug-safety/check.ts';
import type { Knowledge } from '../drug-safety/compile.ts';
import { type LabSeries, sourceOf } from './lab-series.ts';
import { momentOf } from './moment.ts';
import { isPresent, subjectOf, type TakenMedication } from './problems.ts';

type Case = {
  entries: readonly RecordEntry[];
  medications: readonly TakenMedication[];
  series: readonly LabSeries[];
  birthDate: string | null;
  knowledge: Knowledge;
  now: Date;
};

const NO_ALLERGY_CODES: ReadonlySet<string> = new Set(['716186003', '409137002', '1003774007']);
const NO_ALLERGY = /\bno known (?:drug )?allerg|\bnkd?a\b/i;

/** Entries of which at most one can be right, or that together are a danger. Which of them is wrong is for a person to say. */
export function findConflicts(one: Case): HistoryPattern[] {
  return [
    ...startedAndStopped(one),
    ...allergicToTaken(one),
    ...presentAndRefuted(one),
    ...allergyAndNone(one),
    ...twoValues(one),
    ...impossibleDates(one),
  ];
}

/** The same ingredient said to be taken and, at the same time or with dates that leave it open, said to be stopped. */
function startedAndStopped({ medications, now }: Case): HistoryPattern[] {
  const active = medications.filter(({ entry }) => isPresent(entry, now));
  const stopped = medications.filter(({ entry }) => entry.status === 'inactive' || entry.status === 'resolved');
  const seen = new Set<string>();
  return active.flatMap((taken) =>
    stopped.flatMap((ended) => {
      const name = sharedName(taken, ended);
      const pair = [taken.entry.id, ended.entry.id].join(' ');
      if (name === undefined || seen.has(pair) || !overlaps(taken.entry, ended.entry)) return [];
      seen.add(pair);
      return [
        conflict('drug-active-and-stopped', [taken.entry, ended.entry], {
          title: `${name}: recorded as taken and as stopped`,
          explanation: 'One entry says that it is taken, another that it was stopped after that one began, or without a date.',
        }),
      ];
    }),
  );
}

function sharedName(a: TakenMedication, b: TakenMedication): string | undefined {
  const shared = a.drugs.find(({ id }) => b.drugs.some((other) => other.id === id));
  if (shared) return shared.inn;
  return subjectOf(a.entry) === subjectOf(b.entry) ? a.entry.text : undefined;
}

/** Stopped after the other began: an earlier course that ended before is no contradiction. */
function overlaps(active: RecordEntry, stopped: RecordEntry): boolean {
  const [begin, end] = [momentOf(active.started_at), momentOf(stopped.ended_at)];
  if (begin && end) return end.from > begin.to;
  // Without the day of the stop, a course that was begun before the present one is taken for an earlier one.
  const before = momentOf(stopped.started_at);
  return !(begin && before && before.to < begin.from);
}

/** By the drug safety check itself, so that groups that cross-react count and those that do not, do not. */
function allergicToTaken({ entries, medications, knowledge, now }: Case): HistoryPattern[] {
  const allergies = entries.filter((entry) => entry.kind === 'allergy' && isPresent(entry, now) && !saysNone(entry));
  const taken = medications.filter(({ entry, drugs }) => isPresent(entry, now) && drugs.length > 0);
  return allergies.flatMap((allergy) =>
    taken.flatMap(({ entry, drugs }) => {
      const codes = drugs.map(({ id }) => ({ system: 'local' as const, code: id }));
      const { alerts } = checkMedications(knowledge, { medications: codes, allergies: [allergy.text.slice(0, 300) || '-'] });
      const alert = alerts.find(({ kind, severity }) => kind === 'allergy' && severity !== 'minor');
      if (!alert) return [];
      const text = { title: `Allergy to ${allergy.text}, and ${alert.drugs[0] ?? entry.text} is taken`, explanation: alert.effect };
      return [{ ...conflict('allergy-to-active-drug', [allergy, entry], text), citation: alert.citation }];
    }),
  );
}

function presentAndRefuted({ entries, now }: Case): HistoryPattern[] {
  const refuted = entries.filter(({ status, kind }) => status === 'refuted' && (kind === 'condition' || kind === 'allergy'));
  return refuted.flatMap((no) => {
    const yes = entries.filter((entry) => isPresent(entry, now) && subjectOf(entry) === subjectOf(no));
    if (yes.length === 0) return [];
    return [
      conflict('present-and-refuted', [...yes, no], {
        title: `${no.text}: recorded as present and as refuted`,
        explanation: 'One entry says that the patient has it, another that somebody found it not to be so.',
      }),
    ];
  });
}

function allergyAndNone({ entries, now }: Case): HistoryPattern[] {
  const allergies = entries.filter((entry) => entry.kind === 'allergy' && isPresent(entry, now));
  const [none, some] = [allergies.filter(saysNone), allergies.filter((entry) => !saysNone(entry))];
  if (none.length === 0 || some.length === 0) return [];
  return [
    conflict('allergy-and-none', [...none, ...some], {
      title: 'Recorded as without known allergies, and with an allergy',
      explanation: 'An entry says that no allergy is known, others name one.',
    }),
  ];
}

/** Two different values of one test at one instant; a date without a time may stand for two samples of a day. */
function twoValues({ series }: Case): HistoryPattern[] {
  return series.flatMap(({ test, title, unit, points }) => {
    const instants = Map.groupBy(
      points.filter(({ moment }) => moment.from === moment.to),
      ({ moment }) => moment.from,
    );
    return [...instants.values()].flatMap((same) => {
      if (new Set(same.map(({ value }) => value)).size < 2) return [];
      return [
        {
          kind: 'conflict' as const,
          rule: 'two-values-at-once',
          title: `${title}: ${same.map(({ value }) => value).join(' and ')}${unit === '1' ? '' : ` ${unit}`} at one moment`,
          explanation: 'The same test has different values at the same instant.',
          citation: null,
          series: { test, unit, points: same.map(({ at, value, from }) => ({ at, value, from })) },
          from: same.flatMap(({ from }) => from),
        },
      ];
    });
  });
}

function impossibleDates({ entries, birthDate, now }: Case): HistoryPattern[] {
  const born = momentOf(birthDate);
  return entries.flatMap((entry) => {
    const [start, end] = [momentOf(entry.started_at), momentOf(entry.ended_at)];
    const problem =
      start && end && end.to < start.from
        ? 'ends before it begins'
        : born && start && start.to < born.from
          ? 'begins before the patient was born'
          : start && start.from > now.getTime() && entry.kind === 'observation'
            ? 'was measured in the future'
            : undefined;
    if (problem === undefined) return [];
    return [
      conflict('impossible-date', [entry], { title: `${entry.text}: ${problem}`, explanation: 'The dates of the entry cannot be right.' }),
    ];
  });
}

function saysNone({ codes, text }: RecordEntry): boolean {
  return codes.some(({ code }) => NO_ALLERGY_CODES.has(code)) || NO_ALLERGY.test(text);
}

function conflict(rule: string, entries: readonly RecordEntry[], text: Pick<HistoryPattern, 'title' | 'explanation'>): HistoryPattern {
  return { kind: 'conflict', rule, ...text, citation: null, series: null, from: entries.map(sourceOf) };
}
