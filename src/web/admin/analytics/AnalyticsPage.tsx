import { useQuery } from '@tanstack/react-query';
import { ChartColumn } from 'lucide-react';
import { useState } from 'react';
import type { ReadingAnalytics } from '../../../contract/analytics.ts';
import { Figure, Figures } from '../../charts/Figure.tsx';
import { ShareBar } from '../../charts/ShareBar.tsx';
import { TimeChart } from '../../charts/TimeChart.tsx';
import { decimal } from '../../format.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { strings } from '../../strings/strings.ts';
import { Button } from '../../ui/Button.tsx';
import { Card } from '../../ui/Card.tsx';
import { EmptyState, Skeleton } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import { Select } from '../../ui/Select.tsx';
import { readingAnalyticsQuery } from '../operations-queries.ts';
import { Demographics } from './Demographics.tsx';
import { durationText } from './duration.ts';
import { ModelTables } from './ModelTables.tsx';

const text = operationsWords.analytics;
const DAY_MS = 86_400_000;
type Days = '7' | '30' | '90';

/** What came, how long it took, and what became of what the models found. Counts alone. */
export function AnalyticsPage() {
  const [days, setDays] = useState<Days>('30');
  const until = new Date().toISOString().slice(0, 10);
  const from = new Date(Date.parse(until) - (Number(days) - 1) * DAY_MS).toISOString().slice(0, 10);
  const figures = useQuery({ ...readingAnalyticsQuery(from, until), placeholderData: (before) => before });
  const title = operationsWords.places.analytics;
  return (
    <>
      <PageHeader
        title={title}
        lead={text.lead}
        actions={
          <Select
            label={text.span}
            isLabelHidden
            value={days}
            choices={(['7', '30', '90'] as const).map((count) => [count, text.days(Number(count))])}
            onChange={setDays}
            className="w-40"
          />
        }
      />
      <ScrollArea label={title} className="px-4 pb-6 max-md:px-3">
        {figures.error && !figures.data ? (
          <ProblemNote error={figures.error} action={<Button onClick={() => void figures.refetch()}>{strings.common.retry}</Button>} />
        ) : figures.data ? (
          <Contents figures={figures.data} />
        ) : (
          <Skeleton rows={10} label={strings.common.loading} />
        )}
      </ScrollArea>
    </>
  );
}

function Contents({ figures }: { figures: ReadingAnalytics }) {
  const { studies, turnaround, days } = figures;
  return (
    <div className="flex flex-col gap-4">
      <Card>
        <Figures>
          <Figure title={text.studies} value={decimal(studies, 0)} />
          <Figure title={text.signed} value={decimal(turnaround.signed, 0)} detail={text.unsigned(turnaround.unsigned)} />
          <Figure title={text.median} value={durationText(turnaround.median_s)} detail={text.fromArrival} />
          <Figure title={text.p90} value={durationText(turnaround.p90_s)} detail={text.fromArrival} />
        </Figures>
      </Card>
      {studies === 0 ? (
        <EmptyState icon={ChartColumn} title={text.none} detail={text.noneDetail} />
      ) : (
        <>
          <div className="grid gap-4 xl:grid-cols-2">
            <Card title={text.byDay}>
              <TimeChart
                label={text.byDay}
                times={days.map(({ day }) => Date.parse(day) / 1_000)}
                series={[{ label: text.studies, values: days.map((day) => day.studies) }]}
                unit=""
                as="bars"
                height={190}
              />
            </Card>
            <Card title={text.byModality}>
              <Modalities figures={figures} />
            </Card>
          </div>
          <ModelTables figures={figures} />
        </>
      )}
      <Demographics />
    </div>
  );
}

/** Volume and turnaround by what a study is made of. */
function Modalities({ figures: { volumes, turnaround, studies } }: { figures: ReadingAnalytics }) {
  const counts = Map.groupBy(volumes, ({ modality }) => modality);
  const rows = [...counts]
    .map(([modality, of]) => ({ modality, count: of.reduce((sum, one) => sum + one.studies, 0) }))
    .sort((a, b) => b.count - a.count);
  return (
    <table className="w-full">
      <thead>
        <tr className="text-sm text-muted">
          <th scope="col" className="w-16 text-start font-medium">
            {text.modality}
          </th>
          <th scope="col">
            <span className="sr-only">{text.share}</span>
          </th>
          <th scope="col" className="w-20 text-end font-medium">
            {text.studies}
          </th>
          <th scope="col" className="w-24 text-end font-medium">
            {text.median}
          </th>
          <th scope="col" className="w-24 text-end font-medium max-sm:hidden">
            {text.p90}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ modality, count }) => {
          const own = turnaround.by_modalities.find(({ modalities }) => modalities === modality);
          return (
            <tr key={modality} className="h-8">
              <th scope="row" className="text-start font-medium">
                {modality}
              </th>
              <td className="px-2">
                <ShareBar share={count / Math.max(1, studies)} />
              </td>
              <td className="text-end tabular-nums">{count}</td>
              <td className="text-end text-muted tabular-nums">{durationText(own?.median_s ?? null)}</td>
              <td className="text-end text-muted tabular-nums max-sm:hidden">{durationText(own?.p90_s ?? null)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
