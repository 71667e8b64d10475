import type { FastifyInstance } from 'fastify';
import { checkMedications } from '../../clinical/drug-safety/check.ts';
import { ClinicalInputError } from '../../clinical/scores/inputs.ts';
import { findScore, SCORES } from '../../clinical/scores/registry.ts';
import { describeScore, type ScoreDefinition, summarizeScore } from '../../clinical/scores/score.ts';
import { computeScore, getScore, listScores } from '../../contract/clinical.ts';
import { checkDrugSafety } from '../../contract/drug-safety.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import { knowledgeOf } from './drug-knowledge.ts';

/** Calculators. They see only what the caller sends, and keep nothing. */
export function clinicalRoutes(http: FastifyInstance, { now }: { now: () => Date }): void {
  serve(http, checkDrugSafety, async ({ body, scope }) => checkMedications(await knowledgeOf(scope.db, now()), body));
  const items = SCORES.map(summarizeScore);
  serve(http, listScores, async () => ({ items }));
  serve(http, getScore, async ({ params }) => describeScore(scoreOf(params.score)));
  serve(http, computeScore, async ({ params, body }) => {
    const score = scoreOf(params.score);
    try {
      return score.compute(body.inputs);
    } catch (error) {
      if (!(error instanceof ClinicalInputError)) throw error;
      const message = error.message.slice(error.field.length + 2);
      throw new AppError('invalid-request', 'An input is not valid', { fields: [{ field: `inputs.${error.field}`, message }] });
    }
  });
}

function scoreOf(id: string): ScoreDefinition {
  const score = findScore(id);
  if (!score) throw new AppError('not-found', 'No such score');
  return score;
}
