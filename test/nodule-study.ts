import type { DataSet } from '../src/dicom/data-set.ts';
import { newId } from '../src/server/platform/ids.ts';
import type { TestApp } from './app.ts';
import { secondaryCapture, uid } from './builders.ts';

type Ct = { number: number; patient: string; date?: string; region?: string };

/** A CT of one object, of the chest unless told. Returns its Study Instance UID. */
export async function storeCt(app: TestApp, { number, patient, date = '20260115', region = 'CHEST' }: Ct): Promise<string> {
  const more: DataSet = {
    '00080020': { vr: 'DA', Value: [date] },
    '00100030': { vr: 'DA', Value: ['19600305'] },
    '00180015': { vr: 'CS', Value: [region] },
  };
  const [study, series, instance] = [uid(number), uid(number, 1), uid(number, 1, 1)];
  const bytes = secondaryCapture({ study, series, instance, patientId: patient, modality: 'CT', seed: number, more });
  await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }]);
  return study;
}

/** A chest CT on which the model found a nodule of 7 mm that the reader accepted. */
export async function ctWithNodule(app: TestApp, options: Ct): Promise<string> {
  const study = await storeCt(app, options);
  const { db, models } = app.deps;
  const card = models.find(({ card: { id } }) => id === 'ct-lung')?.card;
  const analysis = newId();
  const at = '2026-01-15T09:00:00.000Z';
  await db
    .insertInto('analysis')
    .values({
      id: analysis,
      run_key: analysis,
      study_instance_uid: study,
      series_instance_uid: uid(options.number, 1),
      sop_instance_uid: null,
      model_id: card?.id ?? '',
      model_version: card?.version ?? '',
      model_digest: 'd',
      input_digest: null,
      parameters: '{}',
      status: 'succeeded',
      reason: null,
      scores: '[]',
      measurements: '[]',
      heatmap_blob_key: null,
      out_of_distribution_score: null,
      started_at: at,
      finished_at: at,
      duration_ms: 1,
      created_at: at,
    })
    .execute();
  await db
    .insertInto('finding')
    .values({
      id: newId(),
      study_instance_uid: study,
      analysis_id: analysis,
      source: 'model',
      code: 'lung-nodule',
      title: 'Lung nodule candidate',
      evidence: JSON.stringify({ diameter_mm: 7, kind: 'solid', side: 'right' }),
      status: 'accepted',
      created_at: at,
    })
    .execute();
  return study;
}
