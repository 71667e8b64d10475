import type { ImagingReport, Occlusion } from '../../contract/agents.ts';
import type { Score } from '../../contract/analysis.ts';
import { analyzeSelection } from '../analysis/analyze-selection.ts';
import { type AnalysisDeps, LAST_ATTEMPT } from '../analysis/analyze-study.ts';
import { occludeRegions } from '../analysis/occlusion.ts';
import type { AnalysisRow } from '../analysis/queries.ts';
import { listFindings } from '../findings/queries.ts';
import { parseColumn } from '../platform/json.ts';
import type { Agent, AgentInput, AgentRun } from './agent.ts';

/** Part of the work that the runs are; what they rest on comes after them. */
const RUNS_PERCENT = 90;

/** The models of this installation on the studies of the diagnosis. What is held from before is not run again. */
export function imagingAgent(deps: AnalysisDeps): Agent<'monai'> {
  return async (input, run) => {
    const report: ImagingReport = { runs: [], left_out: [], occlusions: [] };
    const { analysis_depth: depth, models } = input.ai_config;
    const analyses: AnalysisRow[] = [];
    for (const [index, study] of input.studies.entries()) {
      const part = { ...study, models, first_picture_only: depth === 'quick' };
      const done = await analyzeSelection(deps, part, {
        signal: run.signal,
        attempt: run.isLastTry ? LAST_ATTEMPT : 1,
        onProgress: (made, total) => run.onProgress(shareOf(input, { index, made, total })),
      });
      analyses.push(...done.analyses);
      report.left_out.push(...done.left_out.filter(({ model_id }) => !report.left_out.some((known) => known.model_id === model_id)));
    }
    report.runs = analyses.map(({ id: analysis_id, study_instance_uid, model_id, model_version, status, reason }) => ({
      analysis_id,
      study_instance_uid,
      model_id,
      model_version,
      status,
      reason,
    }));
    if (depth === 'deep') report.occlusions = await occlusionsOf(deps, analyses, run);
    return answerOf(input, report);
  };
}

function answerOf(input: AgentInput, report: ImagingReport) {
  const isEvaluated = report.runs.some(({ status }) => status === 'succeeded');
  const [first] = report.runs.flatMap(({ reason }) => reason ?? []);
  const nothing = input.studies.length === 0 ? 'The diagnosis has no images' : (first ?? 'No model accepts any of the images');
  return { outcome: isEvaluated ? ('evaluated' as const) : ('not_evaluable' as const), reason: isEvaluated ? null : nothing, report };
}

function shareOf({ studies }: AgentInput, { index, made, total }: { index: number; made: number; total: number }): number {
  return Math.floor((RUNS_PERCENT * (index + (total === 0 ? 1 : made / total))) / studies.length);
}

/** For each network that found something: the region that the leading label of the finding rests on. */
async function occlusionsOf(deps: AnalysisDeps, analyses: readonly AnalysisRow[], { signal }: AgentRun): Promise<Occlusion[]> {
  const found: Occlusion[] = [];
  for (const { id: analysisId, model_id: modelId, sop_instance_uid: sopInstanceUid, ...analysis } of analyses) {
    if (analysis.status !== 'succeeded' || sopInstanceUid === null) continue;
    const findings = await listFindings(deps.db, analysis.study_instance_uid);
    if (!findings.some(({ analysis_id }) => analysis_id === analysisId)) continue;
    const label = leadingLabel(deps, modelId, parseColumn<Score[]>(analysis.scores));
    const occlusion = label && (await occludeRegions(deps, { analysisId, modelId, sopInstanceUid, label }, signal));
    if (occlusion) found.push(occlusion);
  }
  return found;
}

/** The most probable label of those that make a finding. */
function leadingLabel({ models }: AnalysisDeps, modelId: string, scores: readonly Score[]): string | undefined {
  const card = models.find((model) => model.card.id === modelId)?.card;
  if (card?.task !== 'classification') return undefined;
  const labels = new Set(card.findings.flatMap(({ sum_of }) => sum_of));
  return scores.filter(({ label }) => labels.has(label)).toSorted((a, b) => b.probability - a.probability)[0]?.label;
}
