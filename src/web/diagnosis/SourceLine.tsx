import type { ResultSource } from '../../contract/diagnosis-results.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { citationLink } from './citation-link.ts';

/** Who says it, by which model or rule, and where the rule comes from: to be opened where it can be. */
export function SourceLine({ source }: { source: ResultSource }) {
  const model = source.model_id ? `${source.model_id} ${source.model_version ?? ''}`.trim() : '';
  const parts = [source.agent ? strings.diagnosis.agents[source.agent] : '', model, source.rule].filter(Boolean).join(' \u00b7 ');
  const link = source.citation === null ? undefined : citationLink(source.citation);
  return (
    <p className="text-sm text-faint">
      {parts}
      {source.citation !== null && ' \u00b7 '}
      {link === undefined ? (
        source.citation
      ) : (
        <a
          href={link}
          target="_blank"
          rel="noreferrer"
          aria-label={words.evidence.source(source.citation ?? '')}
          className="underline underline-offset-2 hover:text-text"
        >
          <bdi>{source.citation}</bdi>
        </a>
      )}
    </p>
  );
}
