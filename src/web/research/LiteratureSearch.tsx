import { useQuery } from '@tanstack/react-query';
import { BookOpen, Search, SearchX } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { LiteratureAnswer } from '../../contract/literature.ts';
import { researchWords as text } from '../strings/research/words.ts';
import { Button } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Select } from '../ui/Select.tsx';
import { ReferenceItem } from './ReferenceItem.tsx';
import { RetractedBanner } from './RetractedBanner.tsx';
import { type LiteratureQuestion, literatureQuery } from './research-queries.ts';
import { SourceNote } from './SourceNote.tsx';

const EMPTY = {
  q: '',
  level: '' as '' | '1' | '2' | '3' | '4',
  from: '',
  to: '',
  source: '' as SourceChoice,
  preprints: true,
  online: false,
};
type SourceChoice = '' | NonNullable<LiteratureQuestion['source']>;
const YEAR = /^\d{4}$/;

/** Publications about a question. What is searched, how far it reaches and whether anything was sent out is said with the answer. */
export function LiteratureSearch() {
  const [typed, setTyped] = useState(EMPTY);
  const [asked, setAsked] = useState<LiteratureQuestion>();
  const answer = useQuery({ ...literatureQuery(asked ?? { q: '' }), enabled: asked !== undefined });
  const set = (change: Partial<typeof EMPTY>) => setTyped({ ...typed, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.q.trim()) setAsked(questionOf(typed));
  };
  const year = (name: 'from' | 'to', label: string) => (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          className={`${INPUT_CLASS} tabular-nums`}
          inputMode="numeric"
          maxLength={4}
          value={typed[name]}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <div className="flex gap-2">
          <label className="relative min-w-0 grow">
            <span className="sr-only">{text.question}</span>
            <Search aria-hidden size={15} className="pointer-events-none absolute start-2.5 top-1/2 -translate-y-1/2 text-faint" />
            <input
              type="search"
              dir="auto"
              maxLength={500}
              placeholder={text.questionHint}
              className={`${INPUT_CLASS} ps-8`}
              value={typed.q}
              onChange={(event) => set({ q: event.target.value })}
            />
          </label>
          <Button type="submit" look="primary" disabled={typed.q.trim() === ''}>
            {text.search}
          </Button>
        </div>
        <div className="grid grid-cols-2 items-end gap-3 sm:grid-cols-4">
          <Select label={text.level} value={typed.level} choices={text.levels} onChange={(level) => set({ level })} />
          <Select
            label={text.source}
            value={typed.source}
            choices={{ '': text.anySource, ...text.sources }}
            onChange={(source) => set({ source })}
          />
          {year('from', text.fromYear)}
          {year('to', text.toYear)}
        </div>
        <div className="flex flex-wrap gap-x-6 gap-y-1">
          <Checkbox checked={typed.preprints} onChange={(preprints) => set({ preprints })}>
            {text.withPreprints}
          </Checkbox>
          <Checkbox checked={typed.online} onChange={(online) => set({ online })}>
            {text.online}
          </Checkbox>
        </div>
        {typed.online && <p className="text-sm text-attention">{text.onlineWarning}</p>}
      </form>
      <div aria-live="polite" className="flex flex-col gap-4">
        {asked === undefined && <EmptyState icon={BookOpen} title={text.askFirst} detail={text.askFirstDetail} />}
        {answer.isError && <ProblemNote error={answer.error} />}
        {answer.isFetching && !answer.data && <Skeleton rows={6} label={text.searching} />}
        {answer.data && <Answer answer={answer.data} />}
      </div>
    </>
  );
}

function Answer({ answer }: { answer: LiteratureAnswer }) {
  const { items, retracted, query, search, sources, corpus_date, online, disclaimer } = answer;
  return (
    <>
      <SourceNote sources={sources} corpusDate={corpus_date} online={online} nothing={text.noCorpus} search={search} />
      {retracted.length > 0 && <RetractedBanner retracted={retracted} />}
      {query.concepts.length > 0 && (
        <p className="text-sm text-muted">
          {text.understood}{' '}
          {query.concepts.map(({ text: concept, synonyms }, index) => (
            <span key={concept}>
              {index > 0 && ' + '}
              <bdi className="font-medium text-text" title={synonyms.join(', ')}>
                {concept}
              </bdi>
            </span>
          ))}
          {query.matched === 'some' && <span className="text-attention"> {text.someMatched}</span>}
        </p>
      )}
      {items.length === 0 && <EmptyState icon={SearchX} title={text.nothingFound} detail={text.nothingFoundDetail} />}
      {items.length > 0 && <h2 className="text-lg font-semibold">{text.found(items.length)}</h2>}
      <ol className="flex flex-col divide-y divide-line">
        {items.map((reference) => (
          <ReferenceItem key={reference.key} reference={reference} />
        ))}
      </ol>
      <p className="text-sm text-muted">
        <bdi>{disclaimer}</bdi>
      </p>
    </>
  );
}

function questionOf({ q, level, from, to, source, preprints, online }: typeof EMPTY): LiteratureQuestion {
  return {
    q: q.trim(),
    include_preprints: preprints,
    online,
    ...(level ? { max_level: Number(level) } : {}),
    ...(YEAR.test(from) ? { from_year: Number(from) } : {}),
    ...(YEAR.test(to) ? { to_year: Number(to) } : {}),
    ...(source ? { source } : {}),
  };
}
