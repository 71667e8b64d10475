import { useQuery } from '@tanstack/react-query';
import { Boxes } from 'lucide-react';
import { modelsQuery } from '../queries.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ModelCardView } from './ModelCardView.tsx';

const text = strings.models;

/** What each model is for, how good it was measured to be, and where not to trust it. */
export function ModelsPage() {
  const models = useQuery(modelsQuery);
  return (
    <AppFrame title={text.title}>
      <div className="min-h-0 grow overflow-y-auto">
        <div className="mx-auto flex max-w-280 flex-col gap-4 px-4 py-4">
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{text.title}</h1>
            <p className="text-muted">{text.lead}</p>
          </div>
          {models.isPending && <Skeleton rows={8} label={strings.common.loading} />}
          {models.isError && <ProblemNote error={models.error} action={<Button onClick={() => void models.refetch()}>{strings.common.retry}</Button>} />}
          {models.data?.items.length === 0 && <EmptyState icon={Boxes} title={text.empty} detail={text.emptyDetail} />}
          {models.data?.items.map((model) => (
            <ModelCardView key={model.digest} model={model} />
          ))}
        </div>
      </div>
    </AppFrame>
  );
}
