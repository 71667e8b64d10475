import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { decimal } from '../format.ts';
import { intlLocale } from '../strings/locale.ts';
import type { TimeChartProps } from './chart-props.ts';

type PlotProps = TimeChartProps & { height: number };

/** Strokes by their order, in the greys of the theme: color is kept for what means something. */
const STROKES = [
  { color: '--text', dash: [] },
  { color: '--muted', dash: [5, 4] },
  { color: '--faint', dash: [1, 4] },
];
const DAY_S = 86_400;
const MINUTE_S = 60;
/** Room for `100 %` in the small type of the axes. */
const AXIS_WIDTH = 52;

/** The picture of a `TimeChart`. Made anew when the theme changes, moved along when values come. */
export function Plot({ times, series, unit, max, as = 'lines', height }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(null);
  const data = [times, ...series.map(({ values }) => values)] as unknown as UPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;
  const labels = series.map(({ label }) => label).join('\n');

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const draw = (): void => {
      plot.current?.destroy();
      const options = optionsFor({ width: element.clientWidth, height, labels: labels.split('\n'), unit, max, as });
      plot.current = new UPlot(options, latest.current, element);
    };
    draw();
    const sizes = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    sizes.observe(element);
    const themes = new MutationObserver(draw);
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [labels, unit, max, as, height]);

  useEffect(() => {
    plot.current?.setData(data);
  });
  return <div ref={box} className="h-full" />;
}

type Wanted = { width: number; height: number; labels: string[]; unit: string; max: number | undefined; as: 'lines' | 'bars' };

function optionsFor({ width, height, labels, unit, max, as }: Wanted): UPlot.Options {
  const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis = {
    stroke: color('--faint'),
    font: '11px "Inter Variable", sans-serif',
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 24, 0, 0],
    scales: {
      x: { time: true, range: (plot, from, to) => xRange(plot, from, to, as) },
      y: { range: (_plot, _least, most) => [0, max ?? Math.max(1, most * 1.15)] },
    },
    axes: [
      { ...axis, size: 22, space: 90, values: (_plot, splits) => splits.map((split, index) => timeText(split, splits, index)) },
      {
        ...axis,
        size: AXIS_WIDTH,
        values: (_plot, splits) => splits.map((split) => `${decimal(split, 1)}${unit ? `\u00a0${unit}` : ''}`),
        space: 28,
      },
    ],
    series: [
      {},
      ...labels.map((label, index): UPlot.Series => {
        const { color: name = '--text', dash = [] } = STROKES[index % STROKES.length] ?? {};
        const bars = UPlot.paths.bars?.({ size: [0.7, 24] });
        const shape = as === 'bars' && bars ? { paths: bars, fill: color('--line-strong'), width: 0 } : { width: 1.5, dash };
        return { label, stroke: color(name), points: { show: false }, spanGaps: true, ...shape };
      }),
    ],
  };
}

/** A day where the marks are days apart, else a time of day. */
function timeText(split: number, splits: readonly number[], index: number): string {
  const next = splits[index + 1] ?? split;
  const step = index + 1 < splits.length ? next - split : split - (splits[index - 1] ?? split);
  const at = new Date(split * 1_000);
  if (step >= DAY_S) return at.toLocaleDateString(intlLocale(), { day: 'numeric', month: 'short' });
  const seconds = step < MINUTE_S ? ({ second: '2-digit' } as const) : {};
  return at.toLocaleTimeString(intlLocale(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...seconds });
}

/** Bars stand on their time with half of their width on either side. */
function xRange({ data: [times] }: UPlot, from: number, to: number, as: 'lines' | 'bars'): UPlot.Range.MinMax {
  const half = as === 'bars' && times.length > 1 ? (to - from) / (times.length - 1) / 2 : 0;
  return [from - half, to + half];
}
