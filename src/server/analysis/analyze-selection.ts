import type { StudyToAnalyze } from '../studies/queries.ts';
import { findStudyToAnalyze } from '../studies/queries.ts';
import { type AnalysisDeps, type AnalyzeOptions, performRun } from './analyze-study.ts';
import { isReader, type KnownModel, type PlannedRun, planRuns } from './plan.ts';
import { type AnalysisRow, listRunsByKey } from './queries.ts';
import { hasRun } from './repository.ts';

/** A part of a study, and which models are to look at it; what is left out is not limited. */
export type Selection = {
  study_instance_uid: string;
  series_instance_uid?: string | undefined;
  sop_instance_uids?: readonly string[] | undefined;
  /** Ids; all that are installed if empty. */
  models?: readonly string[] | undefined;
  /** Each network looks at the first picture that it accepts, and nothing else is run. */
  first_picture_only?: boolean | undefined;
};

export type SelectedRuns = { runs: PlannedRun[]; left_out: { model_id: string; reason: string }[] };

/** The runs that a selection asks for. Pure: the keys are those of the whole study's runs, so that nothing is done twice. */
export function planSelection(study: StudyToAnalyze, models: readonly KnownModel[], selection: Selection): SelectedRuns {
  const { series_instance_uid: series, sop_instance_uids: instances = [], models: wanted = [] } = selection;
  const part = study.instances.filter(
    (instance) =>
      (series === undefined || instance.series_instance_uid === series) &&
      (instances.length === 0 || instances.includes(instance.sop_instance_uid)),
  );
  const chosen = models.filter((model) => isReader(model) && (wanted.length === 0 || wanted.includes(model.card.id)));
  // A series is measured as a whole or not at all.
  const isCut = instances.length > 0;
  const [fitting, cut] = partition(chosen, ({ card }) => card.task === 'classification' || !(isCut || selection.first_picture_only));
  const planned = planRuns({ ...study, instances: part }, fitting);
  return {
    runs: selection.first_picture_only ? firstOfEach(planned) : planned,
    left_out: cut.map(({ card }) => ({
      model_id: card.id,
      reason: isCut ? 'Measures whole series; single images were asked for' : 'The quick depth measures no series',
    })),
  };
}

/**
 * Makes the runs of a selection that are not held yet, and gives all of them back. Other runs of the study stay as they are.
 * A study that is gone has none. Safe to repeat.
 */
export async function analyzeSelection(
  deps: AnalysisDeps,
  selection: Selection,
  { signal, attempt, onProgress }: AnalyzeOptions = {},
): Promise<{ analyses: AnalysisRow[]; left_out: SelectedRuns['left_out'] }> {
  const study = await findStudyToAnalyze(deps.db, selection.study_instance_uid);
  if (!study) return { analyses: [], left_out: [] };
  const { runs, left_out } = planSelection(study, deps.models, selection);
  for (const [index, run] of runs.entries()) {
    signal?.throwIfAborted();
    onProgress?.(index, runs.length, run.model.card.id);
    if (!(await hasRun(deps.db, run.key))) await performRun(deps, study.study_instance_uid, run, { signal, attempt });
  }
  const keys = runs.map(({ key }) => key);
  return { analyses: await listRunsByKey(deps.db, keys), left_out };
}

function firstOfEach(runs: readonly PlannedRun[]): PlannedRun[] {
  return [...Map.groupBy(runs, ({ model }) => model.card.id).values()].flatMap(([first]) => first ?? []);
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
