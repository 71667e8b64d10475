import type { ResultSource } from '../../contract/diagnosis-results.ts';
import { strings } from '../strings/strings.ts';

/** Who says it, by which model or rule, and where the rule comes from. */
export function SourceLine({ source }: { source: ResultSource }) {
  const model = source.model_id ? `${source.model_id} ${source.model_version ?? ''}`.trim() : '';
  const parts = [source.agent ? strings.diagnosis.agents[source.agent] : '', model, source.rule, source.citation ?? ''];
  return <p className="text-sm text-faint">{parts.filter(Boolean).join(' \u00b7 ')}</p>;
}
