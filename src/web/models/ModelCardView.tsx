import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Output } from '../../contract/endpoint.ts';
import type { listModels } from '../../contract/models.ts';
import { byteSize } from '../format.ts';
import { intlLocale } from '../strings/locale.ts';
import { strings } from '../strings/strings.ts';
import { MetricsTable } from './MetricsTable.tsx';

const text = strings.models;
type BundledModel = Output<typeof listModels>['items'][number];

export function ModelCardView({ model: { card, digest, size_bytes } }: { model: BundledModel }) {
  return (
    <article className="rounded-lg border border-line bg-surface">
      <header className="flex flex-wrap items-baseline gap-x-3 border-b border-line px-4 py-3">
        <h2 className="text-lg font-semibold"><bdi>{card.title}</bdi></h2>
        <p className="text-muted">
          <bdi>{card.id} {card.version}</bdi>
        </p>
        <p className="text-muted md:ms-auto"><bdi>{card.regulatory_status}</bdi></p>
      </header>
      <div className="grid gap-x-8 gap-y-4 px-4 py-4 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          <Part title={text.intendedUse}><bdi>{card.intended_use}</bdi></Part>
          <Part title={text.population}><bdi>{card.population}</bdi></Part>
          <Part title={text.limits}>
            <ul className="flex flex-col gap-1">
              {card.limits.map((limit) => (
                <li key={limit} className="flex gap-2">
                  <TriangleAlert aria-hidden size={14} className="mt-0.75 shrink-0 text-attention" />
                  <bdi>{limit}</bdi>
                </li>
              ))}
            </ul>
          </Part>
          <Part title={text.accepts}>{acceptsText(card)}</Part>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          {card.metrics.length > 0 && (
            <Part title={text.metrics}>
              <MetricsTable metrics={card.metrics} />
            </Part>
          )}
          {card.findings.length > 0 && (
            <Part title={text.thresholds}>
              {card.findings.map((finding) => (
                <p key={finding.id}>
                  <bdi>{finding.title}</bdi> <span className="text-muted">{'rule' in finding ? finding.rule : finding.threshold.toFixed(3)}</span>
                </p>
              ))}
            </Part>
          )}
          {card.training_data.length > 0 && <TrainingData card={card} />}
          <Part title={text.licence}>
            <bdi>{card.licence}</bdi>
            {card.attribution.map((line) => (
              <span key={line} className="block text-sm text-muted">
                <bdi>{line}</bdi>
              </span>
            ))}
          </Part>
          <Part title={text.digest}>
            <span className="text-sm break-all text-muted select-all">{digest}</span> <span className="text-sm text-muted">{byteSize(size_bytes)}</span>
          </Part>
        </div>
      </div>
    </article>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="pb-0.5 text-sm font-medium text-muted">{title}</h3>
      <div>{children}</div>
    </section>
  );
}

function TrainingData({ card }: { card: BundledModel['card'] }) {
  return (
    <Part title={text.trainingData}>
      {card.training_data.map(({ name, count, licence, citation }) => (
        <p key={name} title={citation}>
          <bdi>{name}</bdi>, {count.toLocaleString(intlLocale())} <span className="text-muted">(<bdi>{licence}</bdi>)</span>
        </p>
      ))}
    </Part>
  );
}

function acceptsText(card: BundledModel['card']): string {
  const list = (values: readonly string[]) => (values.length > 0 ? values.join(', ') : text.any);
  const modality = `${text.acceptsModality} ${list(card.accepts.modalities)}`;
  if (card.task === 'quantification') return `${modality}; ${text.acceptsSlices} ${card.accepts.min_slices}`;
  const { body_parts, views, age_years: age } = card.accepts;
  const years = age ? [`${text.acceptsAge} ${age.min}\u2013${age.max}`] : [];
  return [modality, `${text.acceptsBodyPart} ${list(body_parts)}`, `${text.acceptsView} ${list(views)}`, ...years].join('; ');
}
