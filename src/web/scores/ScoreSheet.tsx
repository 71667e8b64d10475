import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { ScoreDescription, ScoreInputValue } from '../../contract/clinical.ts';
import { scoreQuery, scoreResultQuery } from '../queries.ts';
import { strings } from '../strings/strings.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { useDebounced } from '../ui/use-debounced.ts';
import { ScoreInput } from './ScoreInput.tsx';
import { ScoreResultView } from './ScoreResultView.tsx';

const text = strings.scores;
const KEYSTROKES_MS = 250;

/** One score: what it needs, and what it says of what is filled in so far. */
export function ScoreSheet({ score }: { score: string }) {
  const description = useQuery(scoreQuery(score));
  return (
    <ScrollArea label={text.inputs} className="px-4 py-4">
      <Link to="/scores" className={buttonClass('quiet', 'mb-2 md:hidden')}>
        <ArrowLeft aria-hidden size={15} className="rtl:rotate-180" />
        {text.title}
      </Link>
      {description.isPending && <Skeleton rows={8} label={strings.common.loading} />}
      {description.isError && <ProblemNote error={description.error} />}
      {description.data && <FilledScore description={description.data} />}
    </ScrollArea>
  );
}

function FilledScore({ description }: { description: ScoreDescription }) {
  const [inputs, setInputs] = useState<Readonly<Record<string, ScoreInputValue>>>({});
  const settled = useDebounced(inputs, KEYSTROKES_MS);
  const isEmpty = Object.keys(settled).length === 0;
  const result = useQuery({ ...scoreResultQuery(description.id, settled), enabled: !isEmpty, placeholderData: keepPreviousData });
  const set = (name: string, value: ScoreInputValue | undefined) => {
    const { [name]: _, ...others } = inputs;
    setInputs(value === undefined ? others : { ...others, [name]: value });
  };
  return (
    <div className="flex max-w-240 flex-col gap-4">
      <header className="flex flex-col gap-0.5">
        <h2 className="text-xl font-semibold tracking-tight">{description.title}</h2>
        <p className="text-muted">
          {text.population}: {description.population}
        </p>
      </header>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
        <form className="flex flex-col gap-3" onSubmit={(event) => event.preventDefault()}>
          {description.inputs.map((input) => (
            <ScoreInput key={input.name} input={input} value={inputs[input.name]} onChange={(value) => set(input.name, value)} />
          ))}
          <div>
            <Button look="quiet" disabled={Object.keys(inputs).length === 0} onClick={() => setInputs({})}>
              {text.clear}
            </Button>
          </div>
        </form>
        <div aria-live="polite" className="flex flex-col gap-3 lg:sticky lg:top-0">
          {isEmpty && <p className="rounded-lg border border-line bg-surface p-4 text-muted">{text.nothing}</p>}
          {!isEmpty && result.isError && <ProblemNote error={result.error} />}
          {!isEmpty && result.data && !result.isError && <ScoreResultView result={result.data} inputs={description.inputs} />}
          <Sources description={description} />
        </div>
      </div>
    </div>
  );
}

function Sources({ description: { limits, citation, references } }: { description: ScoreDescription }) {
  return (
    <div className="flex flex-col gap-3 text-sm">
      {limits.length > 0 && (
        <section>
          <h3 className="pb-0.5 font-medium text-muted">{text.limits}</h3>
          <ul className="flex flex-col gap-1">
            {limits.map((limit) => (
              <li key={limit} className="flex gap-2">
                <TriangleAlert aria-hidden size={13} className="mt-0.5 shrink-0 text-attention" />
                {limit}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3 className="pb-0.5 font-medium text-muted">{text.sources}</h3>
        {[citation, ...references].map((source) => (
          <p key={source.text} className="text-muted">
            {source.text}
            {source.doi && <span className="text-faint select-all"> doi:{source.doi}</span>}
          </p>
        ))}
      </section>
    </div>
  );
}
