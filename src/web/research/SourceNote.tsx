import { CloudOff, Database, Globe } from 'lucide-react';
import type { CorpusSource, OnlineSource, SearchMethod } from '../../contract/literature.ts';
import { dateTime } from '../format.ts';
import { researchWords as text } from '../strings/research/words.ts';

type SourceNoteProps = {
  sources: readonly CorpusSource[];
  corpusDate: string | null;
  online: readonly OnlineSource[];
  /** Said where this server holds nothing to search. */
  nothing: string;
  /** How it was searched, where there is more than one way. */
  search?: SearchMethod;
};

/** What was searched: the corpus on this machine and up to when it reaches, and what was asked for outside. */
export function SourceNote({ sources, corpusDate, online, nothing, search }: SourceNoteProps) {
  return (
    <div className="flex flex-col gap-1 rounded-md border border-line p-3 text-sm">
      <p className="flex gap-2">
        <Database aria-hidden size={14} className="mt-0.5 shrink-0 text-muted" />
        {corpusDate === null ? <span className="text-attention">{nothing}</span> : <span>{text.corpus(corpusDate)}</span>}
      </p>
      {sources.length > 0 && (
        <p className="ps-5.5 text-muted tabular-nums">
          {sources
            .map(({ source, record_count, corpus_date }) => `${text.corpusNames[source]} ${record_count} (${corpus_date})`)
            .join(' \u00b7 ')}
        </p>
      )}
      {search && (
        <p className="ps-5.5 text-muted">
          {search.embedding ? text.searchedBySense(search.embedding.name, search.embedding.digest.slice(0, 12)) : text.searchedByWords}
          {search.problem && <span className="text-attention"> {text.senseFailed}</span>}
        </p>
      )}
      {online.map((service) => (
        <p key={service.source} className="flex gap-2">
          {service.status === 'ok' ? (
            <Globe aria-hidden size={14} className="mt-0.5 shrink-0 text-muted" />
          ) : (
            <CloudOff aria-hidden size={14} className="mt-0.5 shrink-0 text-muted" />
          )}
          <span className={service.status === 'failed' ? 'text-attention' : 'text-muted'}>
            {text.onlineStates[service.status](service.source)}
            {service.query && ` ${text.sent(service.query)}`}
            {service.asked_at && ` ${dateTime(service.asked_at)}`}
            {service.problem && ` ${service.problem}`}
          </span>
        </p>
      ))}
    </div>
  );
}
