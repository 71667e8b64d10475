import { useQuery } from '@tanstack/react-query';
import { Boxes } from 'lucide-react';
import { modelsQuery } from '../queries.ts';
import { TextPage } from '../shell/TextPage.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ModelCardView } from './ModelCardView.tsx';

const text = strings.models;

/** What each model is for, how good it was measured to be, and where not to trust it. */
export function ModelsPage() {
  const models = useQuery(modelsQuery);
  return (
    <TextPage title={text.title} lead={text.lead}>
          {models.isPending && <Skeleton rows={8} label={strings.common.loading} />}
          {models.isError && <ProblemNote error={models.error} action={<Button onClick={() => void models.refetch()}>{strings.common.retry}</Button>} />}
          {models.data?.items.length === 0 && <EmptyState icon={Boxes} title={text.empty} detail={text.emptyDetail} />}
          {models.data?.items.map((model) => (
            <ModelCardView key={model.digest} model={model} />
          ))}
    </TextPage>
  );
}
