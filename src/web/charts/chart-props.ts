export type Series = {
  label: string;
  /** One for each time; null where nothing was measured. */
  values: readonly (number | null)[];
};
export type TimeChartProps = {
  /** What it shows, for screen readers. */
  label: string;
  /** Seconds since 1970, ascending. */
  times: readonly number[];
  /** At most three; they are told apart by their strokes as well. */
  series: readonly Series[];
  unit: string;
  /** The end of the axis where it is known, as 100 for percent. */
  max?: number;
  /** `bars` for counts of days. */
  as?: 'lines' | 'bars';
  height?: number;
};
