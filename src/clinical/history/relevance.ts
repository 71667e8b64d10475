import type { HistorySource, RelevantHistory } from '../../contract/history.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { showsConcept } from './concepts.ts';
import { type LabSeries, LOINC, sourceOf } from './lab-series.ts';
import { dayOf, daysBetween, momentOf, spanInWords } from './moment.ts';
import { foldText, isPresent, subjectOf, type TakenMedication } from './problems.ts';
import { type Region, regionsInText, regionsOf, type StudyPlace } from './regions.ts';
import { RELEVANCE_RULES, type RelevanceRule } from './relevance-rules.ts';

export type HistoryStudy = StudyPlace & { study_instance_uid: string; study_date: string | null };
export type HistoryReport = { id: string; study_instance_uid: string; signed_at: string | null; impression: string };
export type PresentStudy = { study: HistoryStudy; question: string | null };

type Case = {
  entries: readonly RecordEntry[];
  medications: readonly TakenMedication[];
  series: readonly LabSeries[];
  studies: readonly HistoryStudy[];
  reports: readonly HistoryReport[];
  now: Date;
};

/** Shorter words, and these, are in every question. */
const MIN_LETTERS = 5;
const COMMON = new Set(
  'about after again before evaluate evaluation exclude follow known other patient please possible question rule since study suspected suspicion there under which without chronic acute'.split(
    ' ',
  ),
);
const ORDER: Readonly<Record<RelevantHistory['matters_for'], number>> = { safety: 0, comparison: 1, interpretation: 2 };

/** What of the history matters for the study, safety first, then what to compare with; within that the newest first. */
export function findRelevant(one: Case, present: PresentStudy): RelevantHistory[] {
  const regions = regionsOf(present.study);
  const question = present.question ?? '';
  const rules = RELEVANCE_RULES.filter((rule) => applies(rule, { regions, modalities: present.study.modalities, question }));
  const found = [
    ...rules.flatMap((rule) => [...conditions(rule, one), ...drugs(rule, one), ...allergies(rule, one), ...lastValues(rule, one)]),
    ...priors(one, present, regions),
    ...operations(one, regions),
    ...asked(one, question),
  ];
  const ordered = found.sort((a, b) => ORDER[a.matters_for] - ORDER[b.matters_for] || timeOf(b) - timeOf(a));
  return withoutRepeats(ordered);
}

function applies(rule: RelevanceRule, study: { regions: readonly Region[]; modalities: readonly string[]; question: string }): boolean {
  if (rule.regions.length > 0 && !rule.regions.some((region) => study.regions.includes(region))) return false;
  if (rule.modalities.length > 0 && !rule.modalities.some((modality) => study.modalities.includes(modality))) return false;
  return !rule.question || rule.question.test(study.question);
}

function conditions(rule: RelevanceRule, { entries, now }: Case): RelevantHistory[] {
  const concepts = rule.concepts ?? [];
  const shown = entries.filter(
    (entry) =>
      (entry.kind === 'condition' || entry.kind === 'procedure') &&
      (!rule.presentOnly || entry.kind === 'procedure' || isPresent(entry, now)) &&
      concepts.some((concept) => showsConcept(entry, concept)),
  );
  return [...Map.groupBy(shown, subjectOf).values()].map((same) => {
    const newest = same.reduce((a, b) => ((b.started_at ?? '') > (a.started_at ?? '') ? b : a));
    const state = same.some((entry) => isPresent(entry, now)) ? 'present' : 'of the past or not dated';
    return relevant(rule, same, { title: `${newest.text} (${state})`, at: newest.started_at });
  });
}

function drugs(rule: RelevanceRule, { medications, now }: Case): RelevantHistory[] {
  const taken = medications.filter(
    ({ entry, drugs: ingredients }) =>
      isPresent(entry, now) &&
      ingredients.some(({ id, classes }) => rule.drugs?.includes(id) || rule.drugClasses?.some((name) => classes.includes(name))),
  );
  return taken.map(({ entry }) => relevant(rule, [entry], { title: entry.text, at: entry.started_at }));
}

function allergies(rule: RelevanceRule, { entries }: Case): RelevantHistory[] {
  const { allergies: words } = rule;
  if (!words) return [];
  const known = entries.filter(({ kind, status, text }) => kind === 'allergy' && status !== 'refuted' && words.test(text));
  return known.map((entry) => relevant(rule, [entry], { title: `Allergy: ${entry.text}`, at: entry.started_at }));
}

/** The last value of a test, with how old it is. A test that is no number, such as smoking, is named by its code. */
function lastValues(rule: RelevanceRule, { entries, series, now }: Case): RelevantHistory[] {
  return (rule.tests ?? []).flatMap((test) => {
    const last = series.find((one) => one.test === test);
    const point = last?.points.at(-1);
    if (last && point) {
      const title = `${last.title} ${point.value}${last.unit === '1' ? '' : ` ${last.unit}`}, ${ago(point.at, now)}`;
      return [{ ...relevant(rule, [], { title, at: point.at }), from: point.from }];
    }
    const worded = entries
      .filter(({ kind, codes, value_text }) => kind === 'observation' && value_text !== null && codes.some(isLoinc(test)))
      .toSorted((a, b) => (a.started_at ?? '').localeCompare(b.started_at ?? ''))
      .at(-1);
    if (!worded) return [];
    return [relevant(rule, [worded], { title: `${worded.text}: ${worded.value_text ?? ''}`, at: worded.started_at })];
  });
}

function isLoinc(test: string): (code: { system: string; code: string }) => boolean {
  return ({ system, code }) => system === LOINC && code === test;
}

/** Earlier studies of the same region, each with what its signed report said. */
function priors({ studies, reports }: Case, { study }: PresentStudy, regions: readonly Region[]): RelevantHistory[] {
  const day = study.study_date;
  const earlier = studies.filter(
    (other) =>
      other.study_instance_uid !== study.study_instance_uid &&
      (day === null || other.study_date === null || other.study_date <= day) &&
      regionsOf(other).some((region) => regions.includes(region)),
  );
  return earlier.map((other) => {
    const report = reports.find(({ study_instance_uid }) => study_instance_uid === other.study_instance_uid);
    const said = report?.impression.trim();
    const from: HistorySource[] = [{ kind: 'study', id: other.study_instance_uid }];
    if (report) from.push({ kind: 'report', id: report.id });
    return {
      rule: 'prior-of-region',
      title: [other.modalities.join('/'), other.description ?? '', said ? `reported: ${said}` : ''].filter(Boolean).join(', '),
      at: other.study_date,
      reason: 'An earlier examination of the same region: lay it beside.',
      citation: 'ACR Practice Parameter for Communication of Diagnostic Imaging Findings (comparison with relevant examinations).',
      matters_for: 'comparison' as const,
      from,
    };
  });
}

function operations({ entries }: Case, regions: readonly Region[]): RelevantHistory[] {
  const done = entries.filter(
    ({ kind, status, text, details }) =>
      kind === 'procedure' &&
      status !== 'refuted' &&
      [...regionsInText(text), ...regionsInText(details['body_site'] ?? '')].some((region) => regions.includes(region)),
  );
  return done.map((entry) => ({
    rule: 'procedure-of-region',
    title: entry.text,
    at: entry.started_at,
    reason: 'A procedure in the region that is examined.',
    citation: null,
    matters_for: 'interpretation' as const,
    from: [sourceOf(entry)],
  }));
}

/** Entries that share a word with the question of the study. */
function asked({ entries }: Case, question: string): RelevantHistory[] {
  const words = foldText(question)
    .split(' ')
    .filter((word) => word.length >= MIN_LETTERS && !COMMON.has(word));
  if (words.length === 0) return [];
  return entries.flatMap((entry) => {
    if (entry.status === 'refuted' || entry.kind === 'observation') return [];
    const said = new Set(foldText(entry.text).split(' '));
    const shared = words.filter((word) => said.has(word));
    if (shared.length === 0) return [];
    const reason = `The question of the study names it: ${[...new Set(shared)].join(', ')}.`;
    return [
      {
        rule: 'named-in-question',
        title: entry.text,
        at: entry.started_at,
        reason,
        citation: null,
        matters_for: 'interpretation' as const,
        from: [sourceOf(entry)],
      },
    ];
  });
}

function relevant(
  rule: RelevanceRule,
  entries: readonly RecordEntry[],
  { title, at }: { title: string; at: string | null },
): RelevantHistory {
  const { id, reason, citation, matters_for } = rule;
  return { rule: id, title, at, reason, citation, matters_for, from: entries.map(sourceOf) };
}

function ago(at: string, now: Date): string {
  const moment = momentOf(at);
  const days = moment ? daysBetween(moment, { from: now.getTime(), to: now.getTime() }) : 0;
  return `${dayOf(at)} (${spanInWords(Math.max(0, days))} ago)`;
}

function timeOf({ at }: RelevantHistory): number {
  return momentOf(at)?.from ?? 0;
}

/** A rule tells the same sources once. */
function withoutRepeats(items: readonly RelevantHistory[]): RelevantHistory[] {
  return [...new Map(items.map((item) => [JSON.stringify([item.rule, item.from]), item])).values()];
}
