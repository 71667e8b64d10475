import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../contract/analysis.ts';
import { currentRuns, groupWithoutResult } from './runs.ts';

describe('the runs beside the findings', () => {
  it('are the newest of each model on each input', () => {
    const runs = [run('c', 'ct-lung', 'succeeded'), run('b', 'cxr', 'abstained'), run('a', 'ct-lung', 'failed')];
    expect(currentRuns(runs.map((item) => ({ ...item, sop_instance_uid: null }))).map(({ id }) => id)).toEqual(['c', 'b']);
  });

  it('without result are told once for the same reason', () => {
    const groups = groupWithoutResult([
      run('a', 'cxr', 'abstained', 'lateral view'),
      run('b', 'cxr', 'abstained', 'lateral view'),
      run('c', 'cxr', 'abstained', 'not a chest'),
      run('d', 'cxr', 'succeeded'),
    ]);
    expect(groups.map(({ run: { reason }, count }) => [reason, count])).toEqual([
      ['lateral view', 2],
      ['not a chest', 1],
    ]);
  });
});

function run(id: string, model_id: string, status: Analysis['status'], reason: string | null = null): Analysis {
  return {
    id,
    study_instance_uid: '1',
    series_instance_uid: null,
    sop_instance_uid: id,
    model_id,
    model_version: '1',
    model_digest: '',
    input_digest: null,
    parameters: {},
    status,
    reason,
    scores: [],
    measurements: [],
    has_heatmap: false,
    out_of_distribution_score: null,
    disclaimer: '',
    started_at: null,
    finished_at: null,
    duration_ms: null,
  };
}
