import { ABDOMEN_SCORES } from './abdomen.ts';
import { ACUTE_ILLNESS_SCORES } from './acute-illness.ts';
import { ATRIAL_FIBRILLATION_SCORES } from './atrial-fibrillation.ts';
import { BODY_SCORES } from './body.ts';
import { BREAST_SCORES } from './breast.ts';
import { COMORBIDITY_SCORES } from './charlson.ts';
import { FLEISCHNER_SCORES } from './fleischner.ts';
import { HEART_RHYTHM_SCORES } from './heart-rhythm.ts';
import { KIDNEY_SCORES } from './kidney.ts';
import { LIVER_FUNCTION_SCORES } from './liver-function.ts';
import { LUNG_SCREENING_SCORES } from './lung-rads.ts';
import { PERIOPERATIVE_SCORES } from './perioperative.ts';
import type { ScoreDefinition } from './score.ts';
import { THROMBOEMBOLISM_SCORES } from './thromboembolism.ts';
import { THYROID_SCORES } from './thyroid.ts';

/** Every score, in the order in which they are listed. */
export const SCORES: readonly ScoreDefinition[] = [
  ...KIDNEY_SCORES,
  ...BODY_SCORES,
  ...ATRIAL_FIBRILLATION_SCORES,
  ...HEART_RHYTHM_SCORES,
  ...THROMBOEMBOLISM_SCORES,
  ...ACUTE_ILLNESS_SCORES,
  ...COMORBIDITY_SCORES,
  ...PERIOPERATIVE_SCORES,
  ...LIVER_FUNCTION_SCORES,
  ...FLEISCHNER_SCORES,
  ...LUNG_SCREENING_SCORES,
  ...THYROID_SCORES,
  ...ABDOMEN_SCORES,
  ...BREAST_SCORES,
];

const BY_ID = new Map(SCORES.map((score) => [score.id, score]));

export function findScore(id: string): ScoreDefinition | undefined {
  return BY_ID.get(id);
}
