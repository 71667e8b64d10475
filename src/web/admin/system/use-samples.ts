import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MetricSample } from '../../../contract/metrics.ts';
import { useEvents } from '../../live/live.ts';
import { metricHistoryQuery } from '../operations-queries.ts';

export type Span = 'live' | 'day' | 'quarter';
const MINUTES_MS = 30 * 60_000;
/** Half an hour of a sample each five seconds, of some processes. */
const MOST = 2_000;

type Samples = { samples: readonly MetricSample[]; isPending: boolean; error: unknown; refetch: () => void };

/** What was measured in a span, oldest first, with what is told live since the page was opened. */
export function useSamples(span: Span): Samples {
  const history = useQuery(metricHistoryQuery(span === 'quarter' ? 'hour' : 'minute'));
  const [told, setTold] = useState<readonly MetricSample[]>([]);
  useEvents('system', undefined, ({ type, data }) => {
    // The server's own message, in the room of the system.
    if ((type as string) === 'system_metrics') setTold((before) => [...before, data as unknown as MetricSample].slice(-MOST));
  });
  const kept = history.data?.items ?? [];
  const since = span === 'live' ? new Date(Date.now() - MINUTES_MS).toISOString() : '';
  const all = new Map([...kept, ...(span === 'quarter' ? [] : told)].map((sample) => [`${sample.timestamp} ${sample.process}`, sample]));
  const samples = [...all.values()].filter(({ timestamp }) => timestamp >= since).sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
  return { samples, isPending: history.isPending, error: history.error, refetch: () => void history.refetch() };
}
