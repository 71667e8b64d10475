import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Calculator } from 'lucide-react';
import { useState } from 'react';
import type { ScoreSummary } from '../../contract/clinical.ts';
import { scoresQuery } from '../queries.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { strings } from '../strings/strings.ts';
import { cx } from '../ui/cx.ts';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { ScoreSheet } from './ScoreSheet.tsx';

const text = strings.scores;

/** Every clinical score: the list beside the one that is filled in. */
export function ScoresPage() {
  const { score } = useParams({ strict: false });
  const scores = useQuery(scoresQuery);
  return (
    <AppFrame title={text.title}>
      <div className="flex min-h-0 grow max-md:flex-col">
        <div className={cx('flex min-h-0 shrink-0 flex-col border-e border-line bg-surface md:w-80', score && 'max-md:hidden')}>
          {scores.isPending && <Skeleton rows={12} label={strings.common.loading} />}
          {scores.isError && <ProblemNote error={scores.error} />}
          {scores.data && <ScoreList scores={scores.data.items} />}
        </div>
        {score ? (
          <ScoreSheet key={score} score={score} />
        ) : (
          <div className="grow max-md:hidden">
            <EmptyState icon={Calculator} title={text.choose} detail={text.chooseDetail} />
          </div>
        )}
      </div>
    </AppFrame>
  );
}

function ScoreList({ scores }: { scores: readonly ScoreSummary[] }) {
  const [search, setSearch] = useState('');
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = scores.filter(({ title, id }) => words.every((word) => `${title} ${id}`.toLowerCase().includes(word)));
  return (
    <>
      <div className="flex flex-col gap-2 p-3">
        <h1 className="text-xl font-semibold tracking-tight">{text.title}</h1>
        <SearchBox hasShortcut label={text.search} value={search} onChange={setSearch} />
      </div>
      <nav aria-label={text.title} className="min-h-0 grow overflow-y-auto pb-2">
        {hits.map(({ id, title }) => (
          <Link
            key={id}
            to="/scores/$score"
            params={{ score: id }}
            className="flex min-h-8 items-center border-s-2 border-transparent px-3 py-1.5 text-text transition-colors hover:bg-hover"
            activeProps={{ className: 'border-strong! bg-raised font-medium' }}
          >
            {title}
          </Link>
        ))}
        {hits.length === 0 && <p className="px-3 py-2 text-muted">{text.noHits}</p>}
      </nav>
    </>
  );
}
