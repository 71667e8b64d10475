import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Boxes } from 'lucide-react';
import { modelsQuery } from '../../queries.ts';
import { installationWords } from '../../strings/installation/words.ts';
import { strings } from '../../strings/strings.ts';
import { EmptyState, Skeleton } from '../../ui/EmptyState.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';

const { licenses: text } = installationWords;

/** Under which license each model stands, and who has to be named. */
export function ModelLicenses() {
  const models = useQuery(modelsQuery);
  if (models.isPending) return <Skeleton rows={4} label={strings.common.loading} />;
  if (models.isError)
    return (
      <div className="p-4">
        <ProblemNote error={models.error} />
      </div>
    );
  if (models.data.items.length === 0) return <EmptyState icon={Boxes} title={strings.models.empty} detail={strings.models.emptyDetail} />;
  return (
    <ul className="flex h-full max-w-220 flex-col divide-y divide-line overflow-y-auto px-4 max-md:px-3">
      {models.data.items.map(({ digest, card: { title, version, licence, attribution, regulatory_status } }) => (
        <li key={digest} className="flex flex-col gap-1 py-3">
          <p className="flex flex-wrap items-baseline gap-x-3">
            <Link to="/models" className="font-medium underline">
              {title}
            </Link>
            <span className="text-muted tabular-nums">{version}</span>
            <span>{licence}</span>
          </p>
          <p dir="auto" className="text-start text-sm text-muted">
            {regulatory_status}
          </p>
          {attribution.length > 0 && (
            <ul aria-label={text.attribution} className="list-disc ps-5 text-muted">
              {attribution.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}
