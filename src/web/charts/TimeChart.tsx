import { lazy, Suspense } from 'react';
import { decimal } from '../format.ts';
import { operationsWords } from '../strings/operations/words.ts';
import type { Series, TimeChartProps } from './chart-props.ts';

const text = operationsWords.charts;
const Plot = lazy(async () => ({ default: (await import('./Plot.tsx')).Plot }));

/** Values over time: a picture that loads by itself, and the same in figures for who does not see it. */
export function TimeChart(props: TimeChartProps) {
  const { label, series, unit, height = 132, times } = props;
  return (
    <figure aria-label={label} className="m-0 min-w-0">
      <div aria-hidden dir="ltr" className="overflow-hidden" style={{ height }}>
        {times.length > 1 ? (
          <Suspense fallback={null}>
            <Plot {...props} height={height} />
          </Suspense>
        ) : (
          <p className="flex h-full items-center justify-center text-sm text-faint">{text.tooFew}</p>
        )}
      </div>
      {series.length > 1 && <Legend series={series} />}
      <table className="sr-only">
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{text.series}</th>
            <th scope="col">{text.latest}</th>
            <th scope="col">{text.least}</th>
            <th scope="col">{text.mean}</th>
            <th scope="col">{text.most}</th>
          </tr>
        </thead>
        <tbody>
          {series.map((one) => (
            <Summary key={one.label} series={one} unit={unit} />
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** Strokes of the lines, in their order: what `Plot` draws. */
const STROKES = ['border-solid border-text', 'border-dashed border-muted', 'border-dotted border-faint'];

function Legend({ series }: { series: readonly Series[] }) {
  return (
    <p aria-hidden className="flex flex-wrap gap-x-4 pt-1 text-sm text-muted">
      {series.map(({ label }, index) => (
        <span key={label} className="inline-flex items-center gap-1.5">
          <span className={`w-4 border-t-2 ${STROKES[index % STROKES.length]}`} />
          {label}
        </span>
      ))}
    </p>
  );
}

function Summary({ series: { label, values }, unit }: { series: Series; unit: string }) {
  const known = values.filter((value) => value !== null);
  const said = (value: number | undefined): string =>
    value === undefined || !Number.isFinite(value) ? '' : `${decimal(value, 1)} ${unit}`;
  const mean = known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : undefined;
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>{said(known.at(-1))}</td>
      <td>{said(Math.min(...known))}</td>
      <td>{said(mean)}</td>
      <td>{said(Math.max(...known))}</td>
    </tr>
  );
}
