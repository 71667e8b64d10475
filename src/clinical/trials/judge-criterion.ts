import type { JudgedCriterion } from '../../contract/trials.ts';
import { judgeLab } from './judge-lab.ts';
import { judgeNamed } from './judge-named.ts';
import { judgeAgeAndSex, judgePregnancy } from './judge-person.ts';
import type { Judgment } from './judgment.ts';
import type { PatientFacts } from './patient-facts.ts';
import type { Criterion } from './read-criteria.ts';

/**
 * Holds one criterion against the record. A rule decides only where it understands the whole of the criterion: a word that it does not know
 * (`uncontrolled`, `within 6 months`) leaves it unknown, with the fact that is near it. What the record does not mention is unknown too.
 */
export function judgeCriterion(criterion: Criterion, facts: PatientFacts): JudgedCriterion {
  const { kind, text } = criterion;
  const judgment =
    judgePregnancy(text, facts) ??
    judgeLab(text, facts) ??
    judgeAgeAndSex(text, facts) ??
    judgeNamed(text, facts) ??
    ({ status: 'unknown', reason: 'The record does not tell', data: [] } satisfies Judgment);
  return { kind, text, ...judgment, speaks: speaksOf(kind, judgment.status) };
}

function speaksOf(kind: Criterion['kind'], status: JudgedCriterion['status']): JudgedCriterion['speaks'] {
  if (status === 'unknown') return 'open';
  return (kind === 'inclusion') === (status === 'met') ? 'for' : 'against';
}
