import type { HistoryPattern } from '../../contract/history.ts';
import type { LabPoint, LabSeries } from './lab-series.ts';
import { slopePerYear } from './lab-trends.ts';
import { daysBetween, spanInWords, yearsBetween } from './moment.ts';

const HOURS = 1 / 24;
const KDIGO_AKI = 'KDIGO Clinical Practice Guideline for Acute Kidney Injury. Kidney Int Suppl 2012;2:1-138 (definition 2.1.1).';
const KDIGO_CKD = 'KDIGO 2012 Clinical Practice Guideline for Chronic Kidney Disease. Kidney Int Suppl 2013;3:1-150 (1.1.1 and 2.1.3).';

/** A pair of values that meets a definition. */
type Change = { before: LabPoint; after: LabPoint };
type Rule = {
  id: string;
  test: string;
  /** Only for adults. */
  adults?: boolean;
  title: (change: Change) => string;
  explanation: string;
  citation: string;
  meets: (change: Change, days: number) => boolean;
  /** Longest distance between the two values that is looked at. */
  withinDays: number;
};

/** Changes between two values that a guideline or definition names. The latest pair that meets it is told. */
const RULES: readonly Rule[] = [
  {
    id: 'creatinine-kdigo-aki',
    test: 'creatinine',
    title: ({ before, after }) => `Creatinine from ${before.value} to ${after.value} mg/dL: meets the definition of acute kidney injury`,
    explanation: 'A rise by 0.3 mg/dL or more within 48 hours, or to 1.5 times or more within 7 days.',
    citation: KDIGO_AKI,
    withinDays: 7,
    meets: ({ before, after }, days) =>
      (days <= 48 * HOURS && after.value - before.value >= 0.3 - 1e-9) || (days <= 7 && after.value >= 1.5 * before.value),
  },
  {
    id: 'hemoglobin-fall-2',
    test: 'hemoglobin',
    title: ({ before, after }) => `Hemoglobin fell from ${before.value} to ${after.value} g/dL`,
    explanation:
      'A fall by 2 g/dL or more, which counts as a sign of major bleeding; looked for between values of at most 30 days apart (our choice).',
    citation: 'Schulman S, Kearon C. J Thromb Haemost 2005;3:692-694 (doi 10.1111/j.1538-7836.2005.01204.x).',
    withinDays: 30,
    meets: ({ before, after }) => before.value - after.value >= 2 - 1e-9,
  },
  {
    id: 'platelets-fall-half',
    test: 'platelets',
    title: ({ before, after }) => `Platelets fell from ${before.value} to ${after.value} 10*9/L`,
    explanation: 'A fall by more than half within 14 days: under heparin, think of heparin-induced thrombocytopenia.',
    citation: 'Lo GK, Juhl D, Warkentin TE, et al. J Thromb Haemost 2006;4:759-765 (doi 10.1111/j.1538-7836.2006.01787.x).',
    withinDays: 14,
    meets: ({ before, after }) => after.value < before.value / 2,
  },
  {
    id: 'weight-loss-glim',
    test: 'weight',
    adults: true,
    title: ({ before, after }) => `Weight fell from ${before.value} to ${after.value} kg`,
    explanation: 'A loss of more than 5 % within 6 months, a criterion of malnutrition; whether it was intended is not in the record.',
    citation: 'Cederholm T, Jensen GL, Correia MITD, et al. GLIM criteria. Clin Nutr 2019;38:1-9 (doi 10.1016/j.clnu.2018.08.002).',
    withinDays: 183,
    meets: ({ before, after }) => after.value < 0.95 * before.value,
  },
];

/** Changes and lasting states that a definition names. */
export function findChanges(series: readonly LabSeries[], { ageYears }: { ageYears: number | undefined }): HistoryPattern[] {
  const byTest = new Map(series.map((one) => [one.test, one]));
  const changes = RULES.flatMap((rule) => {
    const one = byTest.get(rule.test);
    if (!one || (rule.adults && (ageYears === undefined || ageYears < 18))) return [];
    const change = latestChange(one.points, rule);
    return change ? [patternOf(one, rule, { points: [change.before, change.after], title: rule.title(change) })] : [];
  });
  const gfr = byTest.get('egfr');
  return [...changes, ...(gfr ? [...lastingLowGfr(gfr), ...fallingGfr(gfr)] : [])];
}

function latestChange(points: readonly LabPoint[], { meets, withinDays }: Rule): Change | undefined {
  for (const [index, after] of [...points.entries()].reverse()) {
    for (const before of points.slice(0, index).reverse()) {
      const days = (after.moment.from - before.moment.from) / 86_400_000;
      if (days > withinDays) break;
      if (days > 0 && meets({ before, after }, days)) return { before, after };
    }
  }
  return undefined;
}

/** Below 60 up to the present for more than 3 months, without a value of 60 or more in between. */
function lastingLowGfr(series: LabSeries): HistoryPattern[] {
  const start = series.points.findLastIndex(({ value }) => value >= 60) + 1;
  const low = series.points.slice(start);
  const [first, last] = [low[0], low.at(-1)];
  if (!first || !last) return [];
  const days = daysBetween(first.moment, last.moment);
  if (days <= 90) return [];
  const rule = {
    id: 'egfr-kdigo-ckd',
    explanation: 'Below 60 mL/min/1.73 m2 for more than 3 months: a criterion of chronic kidney disease.',
    citation: KDIGO_CKD,
  };
  return [patternOf(series, rule, { points: low, title: `Estimated GFR below 60 for ${spanInWords(days)}, last ${last.value}` })];
}

/** Rapid progression: more than 5 mL/min/1.73 m2 a year over a year or longer. */
function fallingGfr(series: LabSeries): HistoryPattern[] {
  const [first, last] = [series.points[0], series.points.at(-1)];
  const slope = slopePerYear(series.points);
  if (!first || !last || slope === undefined || series.points.length < 3) return [];
  if (yearsBetween(first.moment, last.moment) < 1 || slope >= -5) return [];
  const rule = {
    id: 'egfr-kdigo-progression',
    explanation: 'A sustained decline of more than 5 mL/min/1.73 m2 a year: rapid progression. Median slope of all pairs of values.',
    citation: KDIGO_CKD,
  };
  return [patternOf(series, rule, { points: series.points, title: `Estimated GFR falls by ${Number((-slope).toPrecision(3))} a year` })];
}

function patternOf(
  { test, unit }: LabSeries,
  { id, explanation, citation }: Pick<Rule, 'id' | 'explanation' | 'citation'>,
  { points, title }: { points: readonly LabPoint[]; title: string },
): HistoryPattern {
  const shown = points.map(({ at, value, from }) => ({ at, value, from }));
  const from = points.flatMap((point) => point.from);
  return { kind: 'change', rule: id, title, explanation, citation, series: { test, unit, points: shown }, from };
}
