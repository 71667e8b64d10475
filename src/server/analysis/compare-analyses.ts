import type { Analysis } from '../../contract/analysis.ts';
import type { AnalysisComparison } from '../../contract/analysis-requests.ts';
import type { Finding } from '../../contract/findings.ts';

/** What each model said of the same image, series or study: of each model the latest run that counts. Pure. */
export function compareAnalyses(analyses: readonly Analysis[], findings: readonly Finding[]): AnalysisComparison {
  const counting = analyses.filter(({ status }) => status !== 'cancelled');
  const groups = Map.groupBy(counting, ({ series_instance_uid, sop_instance_uid }) => `${series_instance_uid}/${sop_instance_uid}`);
  const items = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    // Newest first, so the first of a model is its latest.
    const latest = [...new Map(group.toReversed().map((run) => [run.model_id, run])).values()];
    const { series_instance_uid, sop_instance_uid } = first;
    return [{ series_instance_uid, sop_instance_uid, models: latest.sort(byModel).map((run) => comparedOf(run, findings)) }];
  });
  return { items };
}

function comparedOf(run: Analysis, findings: readonly Finding[]): AnalysisComparison['items'][number]['models'][number] {
  const { id: analysis_id, model_id, model_version, status, reason, scores, measurements } = run;
  const found = findings.filter((finding) => finding.analysis_id === analysis_id);
  return { analysis_id, model_id, model_version, status, reason, scores, measurements, findings: found };
}

function byModel(a: Analysis, b: Analysis): number {
  return a.model_id < b.model_id ? -1 : 1;
}
