import { useQuery } from '@tanstack/react-query';
import { Activity, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { MetricSample } from '../../../contract/metrics.ts';
import { decimal } from '../../format.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { strings } from '../../strings/strings.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState, Skeleton } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import { Select } from '../../ui/Select.tsx';
import { metricsQuery, systemStatusQuery } from '../operations-queries.ts';
import { Agents } from './Agents.tsx';
import { MetricCharts } from './MetricCharts.tsx';
import { type Span, useSamples } from './use-samples.ts';

const text = operationsWords.system;

/** How the machines, the processes and the agents are, now and before. */
export function SystemPage() {
  const [span, setSpan] = useState<Span>('live');
  const [chosen, setChosen] = useState<string>();
  const { samples, isPending, error, refetch } = useSamples(span);
  const processes = [...new Set(samples.map(({ process }) => process))];
  const process = processes.find((name) => name === chosen) ?? processes[0];
  const shown = samples.filter((sample) => sample.process === process);
  return (
    <>
      <PageHeader
        title={operationsWords.places.system}
        lead={<Versions />}
        actions={
          <>
            {processes.length > 1 && process !== undefined && (
              <Select
                label={text.process}
                isLabelHidden
                value={process}
                choices={processes.map((name) => [name, name])}
                onChange={setChosen}
              />
            )}
            <Select label={text.span} isLabelHidden value={span} choices={text.spans} onChange={setSpan} className="w-36" />
          </>
        }
      />
      <ScrollArea label={operationsWords.places.system} className="px-4 pb-6 max-md:px-3">
        <Now latest={shown.at(-1)} />
        {error && shown.length === 0 ? (
          <ProblemNote error={error} action={<Button onClick={refetch}>{strings.common.retry}</Button>} />
        ) : isPending && shown.length === 0 ? (
          <Skeleton rows={10} label={strings.common.loading} />
        ) : shown.length === 0 ? (
          <EmptyState icon={Activity} title={text.none} detail={text.noneDetail} />
        ) : (
          <MetricCharts samples={shown} />
        )}
        <Agents />
      </ScrollArea>
    </>
  );
}

function Versions() {
  const { data } = useQuery(systemStatusQuery);
  if (!data) return null;
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <span>
        {strings.product} <span className="tabular-nums">{data.version}</span>, {text.modes[data.mode]}
      </span>
    </span>
  );
}

/** What somebody should look at, and the state in words. */
function Now({ latest }: { latest: MetricSample | undefined }) {
  const { data } = useQuery(metricsQuery);
  const alerts = data?.alerts ?? [];
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 pb-3 text-muted tabular-nums">
      {alerts.map((alert) => (
        <Badge key={alert} tone="attention" icon={TriangleAlert}>
          {text.alerts[alert]}
        </Badge>
      ))}
      {latest && (
        <>
          <span>{text.sessions(latest.active_sessions)}</span>
          <span>{text.analyses(latest.active_diagnoses)}</span>
          <span>{`${text.charts.loop}: ${decimal(latest.metrics.event_loop_delay, 1)} ms`}</span>
        </>
      )}
    </p>
  );
}
