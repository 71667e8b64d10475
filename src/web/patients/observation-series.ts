import type { RecordEntry } from '../../contract/patient-record.ts';

/** Values of one measurement in one unit, in the order of time. */
export type ObservationSeries = { key: string; title: string; unit: string; points: { at: string; value: number; id: string }[] };

/** Measurements that were made more than once, those with the newest value first; and everything that makes no line. */
export function seriesOf(entries: readonly RecordEntry[]): { series: ObservationSeries[]; others: RecordEntry[] } {
  const groups = Map.groupBy(entries, keyOf);
  const series: ObservationSeries[] = [];
  const others: RecordEntry[] = [];
  for (const [key, members] of groups) {
    const points = members.flatMap(({ id, value, started_at }) =>
      value === null || started_at === null || Number.isNaN(Date.parse(started_at)) ? [] : [{ id, value, at: started_at }],
    );
    const [first] = members;
    if (!first || key === '' || points.length < 2) others.push(...members);
    else
      series.push({
        key,
        title: first.text,
        unit: first.unit ?? '',
        points: points.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
      });
  }
  const newest = ({ points }: ObservationSeries) => Date.parse(points.at(-1)?.at ?? '');
  return { series: series.toSorted((a, b) => newest(b) - newest(a)), others };
}

/** The code, or else the words, with the unit: values of different units make no line. Empty for what was refuted or is no number. */
function keyOf({ value, status, codes: [code], text, unit }: RecordEntry): string {
  if (value === null || status === 'refuted') return '';
  return `${code ? `${code.system} ${code.code}` : text.toLowerCase()} ${unit ?? ''}`;
}
