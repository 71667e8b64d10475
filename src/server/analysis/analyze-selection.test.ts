import { beforeAll, describe, expect, it } from 'vitest';
import { loadInstalledModels } from '../models/installed-models.ts';
import type { StudyInstance, StudyToAnalyze } from '../studies/queries.ts';
import { planSelection, type Selection } from './analyze-selection.ts';
import { type KnownModel, planRuns } from './plan.ts';

const STUDY = '1.2';

function instance(sop_instance_uid: string, more: Partial<StudyInstance> = {}): StudyInstance {
  return {
    sop_instance_uid,
    content_digest: sop_instance_uid,
    series_instance_uid: '1.2.1',
    study_instance_uid: STUDY,
    sop_class_uid: '1.2.840.10008.5.1.4.1.1.1.1',
    transfer_syntax_uid: '1.2.840.10008.1.2.1',
    instance_number: 1,
    number_of_frames: 1,
    rows: 10,
    columns: 10,
    bits_allocated: 8,
    window_center: null,
    window_width: null,
    pixel_offset: 1,
    pixel_length: 100,
    is_derived: 0,
    blob_key: `blob of ${sop_instance_uid}`,
    blob_size: 1,
    dicom_json: '{}',
    created_at: '2026-01-01T00:00:00.000Z',
    modality: 'DX',
    body_part: 'CHEST',
    view_position: 'PA',
    ...more,
  };
}

const ct = (number: number): StudyInstance =>
  instance(`1.2.2.${number}`, { series_instance_uid: '1.2.2', modality: 'CT', view_position: null });
const study: StudyToAnalyze = {
  study_instance_uid: STUDY,
  patient_birth_date: '20230101',
  study_date: '20260101',
  instances: [instance('1.2.1.1'), instance('1.2.1.2'), ct(1), ct(2)],
};

describe('the runs that a selection asks for', () => {
  let models: KnownModel[];
  beforeAll(async () => {
    ({ models } = await loadInstalledModels(''));
  });
  const plan = (selection: Partial<Selection> = {}) => planSelection(study, models, { study_instance_uid: STUDY, ...selection });
  const told = (selection?: Partial<Selection>): string[] =>
    plan(selection).runs.map((run) => {
      const what = run.kind === 'picture' ? run.instance.sop_instance_uid : run.kind === 'series' ? run.seriesInstanceUid : 'none';
      return `${run.model.card.id} ${what}`;
    });

  it('are those of the whole study, under the same keys, where nothing is limited', () => {
    const whole = planRuns(
      study,
      models.filter(({ card }) => card.findings.length > 0),
    );
    expect(plan().runs.map(({ key }) => key)).toEqual(whole.map(({ key }) => key));
    expect(told().sort()).toEqual(['ct-lung 1.2.2', 'cxr-pneumonia 1.2.1.1', 'cxr-pneumonia 1.2.1.2']);
  });

  it('keep the key of a picture whatever else is asked for, so that nothing is done twice', () => {
    const [one] = plan({ sop_instance_uids: ['1.2.1.2'] }).runs;
    expect(plan().runs.map(({ key }) => key)).toContain(one?.key);
  });

  it('are limited to models, series and images; a series is measured whole or not at all', () => {
    expect(told({ models: ['ct-lung'] })).toEqual(['ct-lung 1.2.2']);
    expect(told({ series_instance_uid: '1.2.2', models: ['ct-lung'] })).toEqual(['ct-lung 1.2.2']);
    const single = plan({ sop_instance_uids: ['1.2.1.1', '1.2.2.1'] });
    expect(single.left_out).toEqual([{ model_id: 'ct-lung', reason: expect.stringContaining('whole series') }]);
    expect(told({ sop_instance_uids: ['1.2.1.1', '1.2.2.1'] })).toEqual(['cxr-pneumonia 1.2.1.1']);
  });

  it('are at the quick depth one for each network, and no measurement', () => {
    expect(told({ first_picture_only: true })).toEqual(['cxr-pneumonia 1.2.1.1']);
    expect(plan({ first_picture_only: true }).left_out.map(({ model_id }) => model_id)).toEqual(['ct-lung']);
  });

  it('abstain with a reason where a model accepts nothing of the part', () => {
    const [run] = plan({ series_instance_uid: '1.2.2', models: ['cxr-pneumonia'] }).runs;
    expect(run).toMatchObject({ kind: 'none', reason: expect.stringContaining('CT') });
  });
});
