import type { HistoryPattern, HistorySource } from '../../contract/history.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { showsConcept } from './concepts.ts';
import { type LabSeries, sourceOf } from './lab-series.ts';
import { dayOf, daysBetween, type Moment, spanInWords } from './moment.ts';
import { isPresent, type TakenMedication } from './problems.ts';

const DAYS_PER_MONTH = 30.44;

type Monitoring = {
  id: string;
  /** A present problem, or a drug or class that is taken. */
  for: { concept: string } | { drug: string } | { drugClass: string };
  named: string;
  /** One of these is enough. */
  tests: readonly string[];
  testsNamed: string;
  everyMonths: number;
  citation: string;
};

/** The longest interval that the source allows, so that what is told is late by any of its readings. */
const MONITORING: readonly Monitoring[] = [
  {
    id: 'diabetes-hba1c',
    for: { concept: 'diabetes' },
    named: 'Diabetes',
    tests: ['hba1c'],
    testsNamed: 'hemoglobin A1c',
    everyMonths: 6,
    citation: 'American Diabetes Association. Standards of Care in Diabetes, section 6 (at least twice a year when goals are met).',
  },
  {
    id: 'diabetes-kidney',
    for: { concept: 'diabetes' },
    named: 'Diabetes',
    tests: ['egfr', 'creatinine'],
    testsNamed: 'eGFR or creatinine',
    everyMonths: 12,
    citation: 'American Diabetes Association. Standards of Care in Diabetes, section 11 (at least once a year).',
  },
  {
    id: 'kidney-disease-egfr',
    for: { concept: 'kidney-disease' },
    named: 'Chronic kidney disease',
    tests: ['egfr', 'creatinine'],
    testsNamed: 'eGFR or creatinine',
    everyMonths: 12,
    citation:
      'KDIGO 2012 Clinical Practice Guideline for Chronic Kidney Disease. Kidney Int Suppl 2013;3:1-150 (2.1.1: at least annually).',
  },
  {
    id: 'vitamin-k-antagonist-inr',
    for: { drugClass: 'vka' },
    named: 'A vitamin K antagonist',
    tests: ['inr'],
    testsNamed: 'INR',
    everyMonths: 2.76,
    citation: 'Holbrook A, Schulman S, Witt DM, et al. Chest 2012;141(2 Suppl):e152S-e184S (doi 10.1378/chest.11-2295): up to 12 weeks.',
  },
  {
    id: 'lithium-kidney',
    for: { drug: 'lithium' },
    named: 'Lithium',
    tests: ['egfr', 'creatinine'],
    testsNamed: 'eGFR or creatinine',
    everyMonths: 6,
    citation: 'NICE guideline CG185, bipolar disorder, section 1.10 (kidney function every 6 months).',
  },
  {
    id: 'levothyroxine-tsh',
    for: { drug: 'levothyroxine' },
    named: 'Levothyroxine',
    tests: ['tsh'],
    testsNamed: 'thyrotropin',
    everyMonths: 12,
    citation: 'Jonklaas J, Bianco AC, Bauer AJ, et al. Thyroid 2014;24:1670-1751 (doi 10.1089/thy.2014.0028): every 6 to 12 months.',
  },
];

/** A recommendation of an earlier report that is followed up. */
export type TrackedFollowUp = { id: string; title: string; due_to: string; is_open: boolean };

type Present = { entries: readonly RecordEntry[]; medications: readonly TakenMedication[]; series: readonly LabSeries[]; now: Date };

/**
 * What a guideline asks to be measured for a present problem or drug and what the record does not have in time; and recommendations of
 * reports whose time has passed. The record may not hold what was done elsewhere: that is said with each.
 */
export function findGaps(present: Present, followUps: readonly TrackedFollowUp[]): HistoryPattern[] {
  return [...MONITORING.flatMap((rule) => gapOf(rule, present)), ...overdue(followUps, present.now)];
}

function gapOf(rule: Monitoring, { entries, medications, series, now }: Present): HistoryPattern[] {
  const reasons = reasonsOf(rule.for, { entries, medications, now });
  if (reasons.length === 0) return [];
  const points = series.filter(({ test }) => rule.tests.includes(test)).flatMap((one) => one.points);
  const last = points.reduce<(typeof points)[number] | undefined>((a, b) => (a && a.moment.from >= b.moment.from ? a : b), undefined);
  const present: Moment = { from: now.getTime(), to: now.getTime() };
  const days = last ? daysBetween(last.moment, present) : undefined;
  if (days !== undefined && days <= rule.everyMonths * DAYS_PER_MONTH) return [];
  const state = last && days !== undefined ? `last ${dayOf(last.at)}, ${spanInWords(days)} ago` : 'none in the record';
  return [
    {
      kind: 'gap',
      rule: rule.id,
      title: `${rule.named}: ${rule.testsNamed}, ${state}`,
      explanation: `Expected at least every ${intervalInWords(rule.everyMonths)}. It may have been measured elsewhere.`,
      citation: rule.citation,
      series: null,
      from: [...reasons, ...(last?.from ?? [])],
    },
  ];
}

function reasonsOf(what: Monitoring['for'], { entries, medications, now }: Omit<Present, 'series'>): HistorySource[] {
  if ('concept' in what) {
    const shown = entries.filter((entry) => entry.kind === 'condition' && isPresent(entry, now) && showsConcept(entry, what.concept));
    return shown.map(sourceOf);
  }
  const taken = medications.filter(
    ({ entry, drugs }) =>
      isPresent(entry, now) && drugs.some(({ id, classes }) => ('drug' in what ? id === what.drug : classes.includes(what.drugClass))),
  );
  return taken.map(({ entry }) => sourceOf(entry));
}

function overdue(followUps: readonly TrackedFollowUp[], now: Date): HistoryPattern[] {
  const late = followUps.filter(({ is_open, due_to }) => is_open && due_to < now.toISOString().slice(0, 10));
  return late.map(({ id, title, due_to }) => ({
    kind: 'gap',
    rule: 'follow-up-overdue',
    title: `Overdue since ${due_to}: ${title}`,
    explanation: 'A signed report recommended it, and it is neither done nor dismissed.',
    citation: null,
    series: null,
    from: [{ kind: 'follow_up', id }],
  }));
}

function intervalInWords(months: number): string {
  return Number.isInteger(months) ? `${months} months` : `${Math.round((months * DAYS_PER_MONTH) / 7)} weeks`;
}
