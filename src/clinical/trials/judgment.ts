import type { JudgedCriterion } from '../../contract/trials.ts';

/** What a rule says of a criterion. */
export type Judgment = Pick<JudgedCriterion, 'status' | 'reason' | 'data'>;
