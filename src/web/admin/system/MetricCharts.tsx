import type { ReactNode } from 'react';
import type { MetricSample, Metrics } from '../../../contract/metrics.ts';
import { TimeChart } from '../../charts/TimeChart.tsx';
import { byteSize, decimal } from '../../format.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Card } from '../../ui/Card.tsx';

const text = operationsWords.system.charts;
const MEGABYTE = 1_000_000;

type Chart = {
  title: string;
  unit: string;
  max?: number;
  lines: readonly { label: string; of: (metrics: Metrics, sample: MetricSample) => number | null }[];
  /** The newest value, large. */
  now: (sample: MetricSample) => ReactNode;
};

const percent = (value: number | null): string => (value === null ? '\u2013' : `${decimal(value, 0)}\u00a0%`);
const milliseconds = (value: number | null): string => (value === null ? '\u2013' : `${decimal(value, value < 10 ? 1 : 0)}\u00a0ms`);

const CHARTS: readonly Chart[] = [
  {
    title: text.cpu,
    unit: '%',
    max: 100,
    lines: [{ label: text.cpu, of: ({ cpu_usage }) => cpu_usage }],
    now: ({ metrics }) => percent(metrics.cpu_usage),
  },
  {
    title: text.memory,
    unit: '%',
    max: 100,
    lines: [{ label: text.memory, of: ({ memory_usage }) => memory_usage }],
    now: ({ metrics }) => percent(metrics.memory_usage),
  },
  {
    title: text.gpu,
    unit: '%',
    max: 100,
    lines: [{ label: text.gpu, of: ({ gpu_usage }) => gpu_usage }],
    now: ({ metrics }) => percent(metrics.gpu_usage),
  },
  {
    title: text.answers,
    unit: 'ms',
    lines: [
      { label: text.answers, of: ({ response_time }) => response_time },
      { label: text.database, of: ({ network_latency }) => network_latency },
      { label: text.loop, of: ({ event_loop_delay }) => event_loop_delay },
    ],
    now: ({ metrics }) => milliseconds(metrics.response_time),
  },
  {
    title: text.queue,
    unit: '',
    lines: [
      { label: text.queue, of: ({ processing_queue }) => processing_queue },
      { label: text.analyses, of: (_metrics, { active_diagnoses }) => active_diagnoses },
    ],
    now: ({ metrics }) => decimal(metrics.processing_queue, 0),
  },
  {
    title: text.disk,
    unit: '%',
    max: 100,
    lines: [{ label: text.disk, of: ({ disk_usage }) => disk_usage }],
    now: ({ metrics }) => percent(metrics.disk_usage),
  },
  {
    title: text.io,
    unit: 'MB/s',
    lines: [{ label: text.io, of: ({ disk_io }) => (disk_io === null ? null : disk_io / MEGABYTE) }],
    now: ({ metrics }) => (metrics.disk_io === null ? '\u2013' : `${byteSize(metrics.disk_io)}/s`),
  },
];

/** The measures of one process over time; what its machine does not have is left out. */
export function MetricCharts({ samples }: { samples: readonly MetricSample[] }) {
  const latest = samples.at(-1);
  if (!latest) return null;
  const times = samples.map(({ timestamp }) => Date.parse(timestamp) / 1_000);
  const drawn = CHARTS.map((chart) => ({
    ...chart,
    series: chart.lines.map(({ label, of }) => ({ label, values: samples.map((sample) => of(sample.metrics, sample)) })),
  })).filter(({ series }) => series.some(({ values }) => values.some((value) => value !== null)));
  return (
    <div className="grid grid-cols-1 gap-3 lg:grid-cols-2 2xl:grid-cols-3">
      {drawn.map(({ title, unit, max, series, now }) => (
        <Card
          key={title}
          title={title}
          actions={
            <bdi dir="ltr" className="text-lg font-semibold tabular-nums">
              {now(latest)}
            </bdi>
          }
        >
          <TimeChart label={title} times={times} series={series} unit={unit} {...(max === undefined ? {} : { max })} />
        </Card>
      ))}
    </div>
  );
}
