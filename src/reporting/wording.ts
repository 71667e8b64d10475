import type { Analysis, Measurement } from '../contract/analysis.ts';
import type { Finding } from '../contract/findings.ts';
import type { Locale } from '../contract/reports.ts';
import { readEmphysema, readNodule, readPneumonia } from './evidence.ts';
import { ARABIC } from './wording-ar.ts';
import { GERMAN } from './wording-de.ts';
import { ENGLISH } from './wording-en.ts';
import { SPANISH } from './wording-es.ts';
import { FRENCH } from './wording-fr.ts';
import type { FindingWords, Wording } from './wording-shape.ts';

const WORDINGS: Record<Locale, Wording> = { en: ENGLISH, de: GERMAN, fr: FRENCH, es: SPANISH, ar: ARABIC };

export function wordingOf(locale: Locale): Wording {
  return WORDINGS[locale];
}

/**
 * The words of one finding. A reader's own text stands exactly as written; a coded finding is worded from its evidence; a code that
 * has no wording yet falls back to the finding's own text or title.
 */
export function describeFinding(finding: Finding, locale: Locale): FindingWords {
  const wording = wordingOf(locale);
  const text = finding.text?.trim() ? finding.text : null;
  if (finding.status === 'edited' && text !== null) return { finding: text, impression: shortOr(text, wording.draft.seeFindings) };
  // A reader who calls it something else has not said more of it.
  if (finding.status === 'edited' && finding.proposed && finding.proposed.title !== finding.title)
    return { finding: finding.title, impression: finding.title };
  if (finding.source === 'person') {
    return { finding: text === null ? finding.title : wording.titled(finding.title, text), impression: finding.title };
  }
  if (finding.code === 'pneumonia') return wording.pneumonia(readPneumonia(finding));
  if (finding.code === 'lung-nodule') return wording.nodule(readNodule(finding));
  if (finding.code === 'emphysema') return wording.emphysema(readEmphysema(finding));
  return { finding: text ?? finding.title, impression: finding.title };
}

/** `Total lung volume: 5,240 mL`; a name that has no wording yet keeps the model's title. */
export function describeMeasurement(measurement: Pick<Measurement, 'name' | 'title' | 'value' | 'unit'>, locale: Locale): string {
  const wording = wordingOf(locale);
  const title = wording.measurementTitle[measurement.name] ?? wording.embed(measurement.title);
  return wording.measurement(title, measurement.value, printedUnit(measurement.unit));
}

/** What a model's run came to, in one sentence: its scores, or why there are none. */
export function describeAnalysis(analysis: Pick<Analysis, 'status' | 'reason' | 'scores' | 'measurements'>, locale: Locale): string {
  const wording = wordingOf(locale);
  const reason = analysis.reason?.trim() ? wording.embed(analysis.reason.trim()) : wording.result.noReason;
  if (analysis.status === 'abstained') return wording.result.notEvaluable(reason);
  if (analysis.status === 'failed') return wording.result.failed(reason);
  if (analysis.status !== 'succeeded') return wording.result.pending;
  const scores = analysis.scores.map((score) => wording.result.score(wording.embed(score.title), score.probability));
  const measurements = analysis.measurements.map((measurement) => describeMeasurement(measurement, locale));
  const parts = [...scores, ...measurements];
  return parts.length === 0 ? wording.result.evaluated : wording.list(parts);
}

/** Longer texts of a reader are not cut, which could turn their meaning: the impression points to them instead. */
const IMPRESSION_CHARACTERS = 300;

function shortOr(text: string, otherwise: string): string {
  const line = text.trim().replaceAll(/\s*\n\s*/g, ' ');
  return line.length <= IMPRESSION_CHARACTERS ? line : otherwise;
}

/** UCUM codes as a radiologist writes them. */
const PRINTED_UNITS: Readonly<Record<string, string>> = {
  "[hnsf'U]": 'HU',
  mm3: 'mm³',
  cm3: 'cm³',
  mm2: 'mm²',
  cm2: 'cm²',
  deg: '°',
  '{pixels}': 'px',
  '{square_pixels}': 'px²',
  '{SUVbw}g/ml': 'SUVbw',
  '1': '',
};

function printedUnit(ucum: string): string {
  return PRINTED_UNITS[ucum] ?? ucum;
}
