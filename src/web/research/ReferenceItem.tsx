import { BookMarked, FlaskConical, Globe, Waypoints } from 'lucide-react';
import type { Reference } from '../../contract/literature.ts';
import { researchWords as text } from '../strings/research/words.ts';
import { Badge } from '../ui/Badge.tsx';

const MOST_AUTHORS = 4;

/** One publication: what it is, how strong its design is by its type alone, and what lessens its weight. */
export function ReferenceItem({ reference }: { reference: Reference }) {
  const authors = reference.authors.slice(0, MOST_AUTHORS).join(', ') + (reference.authors.length > MOST_AUTHORS ? ' et al.' : '');
  const { first_page: first } = reference;
  const pages = first === null ? null : text.pages(first, reference.last_page ?? first);
  const cited = [authors, reference.journal, reference.published_on ?? reference.year, pages].filter(Boolean).join('. ');
  const ids = [
    reference.pmid && `PMID ${reference.pmid}`,
    reference.doi && `doi:${reference.doi}`,
    reference.pmcid,
    ...reference.trial_ids,
  ];
  return (
    <li className="flex flex-col gap-1 py-3" dir="ltr">
      <h3 className="font-medium">
        {reference.url ? (
          <a href={reference.url} target="_blank" rel="noreferrer noopener" className="rounded-sm hover:underline">
            {reference.title}
          </a>
        ) : (
          reference.title
        )}
      </h3>
      <p className="text-muted">{cited}</p>
      <p className="flex flex-wrap items-center gap-2">
        <Badge>{text.designs[reference.design]}</Badge>
        {reference.level !== null && <Badge title={text.levelHint}>{text.levelOf(reference.level)}</Badge>}
        {reference.is_guideline && reference.design !== 'guideline' && <Badge icon={BookMarked}>{text.guideline}</Badge>}
        {reference.is_preprint && (
          <Badge tone="attention" icon={FlaskConical}>
            {text.preprint}
          </Badge>
        )}
        {reference.origin === 'online' && <Badge icon={Globe}>{text.fromOnline}</Badge>}
        {reference.matched === 'some' && <Badge tone="attention">{text.partly}</Badge>}
        {reference.matched === 'meaning' && <Badge icon={Waypoints}>{text.byMeaning}</Badge>}
        <span className="text-sm text-faint select-all">{ids.filter(Boolean).join(' \u00b7 ')}</span>
      </p>
      {reference.notes.map((note) => (
        <p key={note} className="text-sm text-attention">
          {text.notes[note]}
        </p>
      ))}
      {reference.abstract && (
        <details className="text-muted">
          <summary className="w-fit rounded-sm text-sm hover:text-text">{text.abstract}</summary>
          <p className="max-w-prose pt-1 whitespace-pre-line">{reference.abstract}</p>
        </details>
      )}
    </li>
  );
}
