import { decimal, unitText } from '../format.ts';
import { patientsWords as words } from '../strings/patients/words.ts';

type Point = { at: string; value: number };
type TrendLineProps = { title: string; unit: string; points: readonly Point[] };

const WIDTH = 220;
const HEIGHT = 44;
const EDGE = 4;

/** The values of one measurement over time, in the order of time: the line for the eye, the numbers in words beside it. */
export function TrendLine({ title, unit, points }: TrendLineProps) {
  const sorted = points.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return null;
  const values = sorted.map(({ value }) => value);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const [from, to] = [Date.parse(first.at), Date.parse(last.at)];
  const placed = sorted.map(({ at, value }) => ({
    x: EDGE + ((WIDTH - 2 * EDGE) * (Date.parse(at) - from)) / Math.max(1, to - from),
    y: HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * (value - min)) / Math.max(Number.EPSILON, max - min),
  }));
  const label = words.trend(title, decimal(first.value), decimal(last.value), unitText(unit));
  const end = placed.at(-1);
  return (
    <figure className="flex flex-wrap items-center gap-x-3" dir="ltr">
      <svg role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} className="max-w-full text-muted">
        <polyline
          points={placed.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinejoin="round"
        />
        {end && <circle cx={end.x} cy={end.y} r="2.5" className="fill-text" />}
      </svg>
      <figcaption aria-hidden className="text-sm text-muted tabular-nums">
        <span className="font-medium text-text">
          {decimal(last.value)} {unitText(unit)}
        </span>
        <br />
        {min === max ? '' : `${decimal(min)} \u2013 ${decimal(max)}`}
      </figcaption>
    </figure>
  );
}
