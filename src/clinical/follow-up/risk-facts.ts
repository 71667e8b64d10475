import type { RecordEntry } from '../../contract/patient-record.ts';
import { showsConcept } from '../history/concepts.ts';
import { LOINC } from '../history/lab-series.ts';
import { ageInYears } from '../history/moment.ts';
import { isPresent } from '../history/problems.ts';
import type { RiskFacts } from './advise.ts';

const SMOKING_STATUS = '72166-2';
const SMOKES = /\b(current|former|every ?day|some ?days|heavy|light|ex-?smoker)\b/i;
const NEVER = /\bnever\b/i;

/**
 * What the record shows of what the Fleischner guideline asks for: smoking, emphysema, fibrosis and asbestos as high risk; known cancer;
 * immunosuppression of the present. Nothing is taken for absent.
 */
export function riskFactsOf(entries: readonly RecordEntry[], { birthDate, at }: { birthDate: string | null; at: Date }): RiskFacts {
  const stated = entries.filter(({ status }) => status !== 'refuted');
  const smoking = stated
    .filter(({ codes, value_text }) => value_text !== null && codes.some(({ system, code }) => system === LOINC && code === SMOKING_STATUS))
    .toSorted((a, b) => (a.started_at ?? '').localeCompare(b.started_at ?? ''))
    .at(-1)?.value_text;
  const smokes = typeof smoking === 'string' && SMOKES.test(smoking) && !NEVER.test(smoking) ? smoking : undefined;
  const problems = stated.filter(({ kind }) => kind === 'condition');
  const shows = (...concepts: string[]): string | undefined =>
    problems.find((entry) => concepts.some((concept) => showsConcept(entry, concept)))?.text;
  const risk = smokes ?? shows('emphysema', 'interstitial-lung-disease', 'asbestos');
  const cancer = shows('cancer');
  const immune = problems.find((entry) => isPresent(entry, at) && showsConcept(entry, 'immunosuppression'))?.text;
  return {
    age: ageInYears(birthDate, at),
    ...(risk === undefined ? {} : { high_risk: risk }),
    ...(cancer === undefined ? {} : { known_cancer: cancer }),
    ...(immune === undefined ? {} : { immunosuppression: immune }),
  };
}
