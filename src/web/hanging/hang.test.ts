import { describe, expect, it } from 'vitest';
import { type HungStudy, hang, protocolsFor } from './hang.ts';
import { PROTOCOLS } from './protocols.ts';
import { chosenProtocol, rememberProtocol } from './remembered.ts';

type SeriesExample = { modality: string; description?: string; view?: string; bodyPart?: string; pictures?: number };

function studyOf(uid: string, description: string | null, series: SeriesExample[]): HungStudy {
  return {
    study_instance_uid: uid,
    description,
    series: series.map((one, index) => ({
      series_instance_uid: `${uid}.${index + 1}`,
      modality: one.modality,
      series_number: index + 1,
      description: one.description ?? null,
      body_part: one.bodyPart ?? null,
      view_position: one.view ?? null,
      instances: [
        {
          sop_instance_uid: `${uid}.${index + 1}.1`,
          sop_class_uid: '1.2',
          instance_number: 1,
          number_of_frames: one.pictures ?? 1,
          rows: 1,
          columns: 1,
          transfer_syntax_uid: '1.2.840.10008.1.2.1',
          window_center: null,
          window_width: null,
          has_pixels: one.modality !== 'SR',
          is_derived: false,
        },
      ],
    })),
  };
}

/** The id of the protocol, and its first stage in short: layout, and number of the series in each cell (p for the prior's) with its window. */
function hung(study: HungStudy, prior: HungStudy | null = null): string[] {
  const [protocol] = protocolsFor(study, PROTOCOLS);
  if (!protocol) return [];
  const stages = hang(protocol, { study, prior }).map(({ layout, cells, isLinked }) => {
    const shown = cells.map(({ series, window }) => {
      const isPrior = series.study_instance_uid === prior?.study_instance_uid;
      return `${isPrior ? 'p' : ''}${series.series_instance_uid.split('.').at(-1)}${window ? ` ${window}` : ''}`;
    });
    return `${layout}${isLinked ? ' linked' : ''}: ${shown.join(' | ')}`;
  });
  return [protocol.id, ...stages];
}

describe('hanging protocols', () => {
  it('put the frontal chest radiograph beside its prior, then beside the lateral', () => {
    const study = studyOf('1', 'Chest 2 views', [
      { modality: 'DX', view: 'LL' },
      { modality: 'DX', view: 'PA' },
    ]);
    const prior = studyOf('2', null, [{ modality: 'CR', view: 'AP', bodyPart: 'CHEST' }]);
    expect(hung(study, prior)).toEqual(['chest-radiograph', '1x2: 2 | p1', '1x2: 2 | 1', '1x1: 2']);
    expect(hung(study)).toEqual(['chest-radiograph', '1x2: 2 | 1', '1x1: 2']);
  });

  it('take a chest radiograph without a view for a frontal one', () => {
    expect(hung(studyOf('1', null, [{ modality: 'CR', bodyPart: 'CHEST' }]))).toEqual(['chest-radiograph', '1x1: 1']);
  });

  it('show the four views of a mammography, then each view above its prior', () => {
    const views = ['L MLO', 'R CC', 'RMLO', 'left cc'].map((description) => ({ modality: 'MG', description }));
    const prior = studyOf(
      '2',
      'Mammo',
      ['R CC', 'L CC', 'R MLO', 'L MLO'].map((description) => ({ modality: 'MG', description })),
    );
    expect(hung(studyOf('1', 'Mammo', views), prior).slice(0, 4)).toEqual([
      'mammography',
      '2x2: 2 | 4 | 3 | 1',
      '2x2: 2 | 4 | p1 | p2',
      '2x2: 3 | 1 | p3 | p4',
    ]);
  });

  it('show CT of the chest in the lung window first, linked with the prior, and pass over scout and reformats', () => {
    const series = [
      { modality: 'CT', description: 'Topogram', pictures: 900 },
      { modality: 'CT', description: 'Thorax 1.0 COR', pictures: 400 },
      { modality: 'CT', description: 'Thorax 1.0 ax', pictures: 300 },
    ];
    const study = studyOf('1', 'CT Thorax', series);
    expect(hung(study)).toEqual(['ct-chest', '1x1: 3 lung', '1x1: 3 mediastinum', '1x1: 3 bone']);
    const prior = studyOf('2', 'CT_Chest', [{ modality: 'CT', pictures: 60 }]);
    expect(hung(study, prior)[1]).toBe('1x2 linked: 3 lung | p1 lung');
  });

  it('show CT of head and abdomen in the windows of these', () => {
    const head = studyOf('1', null, [{ modality: 'CT', bodyPart: 'HEAD', pictures: 30 }]);
    expect(hung(head)).toEqual(['ct-head', '1x1: 1 brain', '1x1: 1 subdural', '1x1: 1 bone']);
    const abdomen = studyOf('1', 'Abdomen + Becken', [{ modality: 'CT', pictures: 30 }]);
    expect(hung(abdomen)[1]).toBe('1x1: 1 abdomen');
  });

  it('show four contrasts of an MR of the brain, or what there is of them', () => {
    const series = ['localizer', 't1_se_tra', 't2_tse_tra', 'ep2d_diff_b1000', 'ADC', 'T2 FLAIR', 'T1 post Gd'].map((description) => ({
      modality: 'MR',
      description,
      bodyPart: 'BRAIN',
    }));
    expect(hung(studyOf('1', null, series)).slice(0, 2)).toEqual(['mr-brain', '2x2 linked: 6 | 4 | 3 | 2']);
    const two = series.slice(2, 3).concat({ modality: 'MR', description: 'Axial FLAIR', bodyPart: 'BRAIN' });
    expect(hung(studyOf('1', null, two))[1]).toBe('1x2 linked: 1 | 2');
  });

  it('show anything else as one picture, and nothing of a study without pictures', () => {
    expect(hung(studyOf('1', 'Ultrasound', [{ modality: 'US', pictures: 40 }, { modality: 'SR' }]))).toEqual(['one-picture', '1x1: 1']);
    expect(hung(studyOf('1', null, [{ modality: 'SR' }]))).toEqual([]);
  });

  it('are remembered for studies of a kind once the reader has chosen another that fits', () => {
    const held = new Map<string, string>();
    const storage = { getItem: (key: string) => held.get(key) ?? null, setItem: (key: string, value: string) => void held.set(key, value) };
    const fitting = protocolsFor(studyOf('1', 'CT Thorax', [{ modality: 'CT' }, { modality: 'CT' }]), PROTOCOLS);
    expect(chosenProtocol(fitting, storage)?.id).toBe('ct-chest');
    rememberProtocol(fitting, 'two-pictures', storage);
    expect(chosenProtocol(fitting, storage)?.id).toBe('two-pictures');
    const single = protocolsFor(studyOf('2', 'CT Chest', [{ modality: 'CT' }]), PROTOCOLS);
    expect(chosenProtocol(single, storage)?.id).toBe('ct-chest');
    held.set('isocenter.hanging', 'broken');
    expect(chosenProtocol(fitting, storage)?.id).toBe('ct-chest');
  });
});
