import type { Selectable } from 'kysely';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { Prediction } from '../../contract/predictions.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export async function insertPrediction(tx: Tx, prediction: Prediction, createdBy: string): Promise<void> {
  const { heatmap: _, disclaimer: __, ...fields } = prediction;
  await tx
    .insertInto('prediction')
    .values({
      ...fields,
      abstained: prediction.abstained ? 1 : 0,
      probabilities: JSON.stringify(prediction.probabilities),
      created_by: createdBy,
    })
    .execute();
}

export async function findPrediction(db: Db, id: string): Promise<Prediction | undefined> {
  const row = await db.selectFrom('prediction').selectAll().where('id', '=', id).executeTakeFirst();
  return row && predictionOf(row);
}

export async function listPredictions(
  db: Db,
  { skip, limit }: { skip: number; limit: number },
): Promise<{ items: Prediction[]; total: number }> {
  const [rows, { total }] = await Promise.all([
    db.selectFrom('prediction').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).offset(skip).execute(),
    db
      .selectFrom('prediction')
      .select((prediction) => prediction.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow(),
  ]);
  return { items: rows.map(predictionOf), total: Number(total) };
}

/** The heat map is answered once and not kept. */
function predictionOf({ created_by: _, ...row }: Selectable<Tables['prediction']>): Prediction {
  return {
    ...row,
    abstained: row.abstained === 1,
    probabilities: parseColumn<Prediction['probabilities']>(row.probabilities),
    heatmap: null,
    disclaimer: DISCLAIMER,
  };
}
