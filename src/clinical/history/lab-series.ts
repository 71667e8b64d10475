import type { HistorySource, HistorySynthesis } from '../../contract/history.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { convertUnit, foldUnit } from '../units.ts';
import { testOfLoinc } from './lab-tests.ts';
import { type Moment, momentOf } from './moment.ts';

export const LOINC = 'http://loinc.org';

export type LabPoint = { at: string; moment: Moment; value: number; from: HistorySource[] };
/** All values of one test, the oldest first, in one unit (UCUM). */
export type LabSeries = { test: string; title: string; unit: string; points: LabPoint[] };
export type Unused = HistorySynthesis['not_used'][number];
export type LabReading = { series: LabSeries[]; unused: Unused[] };

/**
 * Numbers of the record by what they measure, in one unit each. Equal values of one moment are one point with several sources. A code without
 * a known test makes a series of its own for each unit. What has no date, no code or a unit that does not convert is named as not used.
 */
export function readLabSeries(entries: readonly RecordEntry[]): LabReading {
  const series = new Map<string, LabSeries>();
  const unused: Unused[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'observation' || entry.value === null || entry.status === 'refuted') continue;
    const read = readPoint(entry, entry.value);
    if (typeof read === 'string') {
      unused.push({ from: sourceOf(entry), reason: read });
      continue;
    }
    const known = series.get(read.key);
    if (known) known.points.push(read.point);
    else series.set(read.key, { test: read.test, title: read.title, unit: read.unit, points: [read.point] });
  }
  return { series: [...series.values()].map((one) => ({ ...one, points: merged(one.points) })), unused };
}

export function sourceOf(entry: Pick<RecordEntry, 'id'>): HistorySource {
  return { kind: 'entry', id: entry.id };
}

type Read = { key: string; test: string; title: string; unit: string; point: LabPoint };

function readPoint(entry: RecordEntry, value: number): Read | string {
  const moment = momentOf(entry.started_at);
  if (!moment || entry.started_at === null) return 'The value has no date';
  const code = entry.codes.find(({ system }) => system === LOINC) ?? entry.codes[0];
  if (!code) return 'The value has no code that says what was measured';
  const point = { at: entry.started_at, moment, from: [sourceOf(entry)] };
  const test = code.system === LOINC ? testOfLoinc(code.code) : undefined;
  if (!test) {
    const unit = foldUnit(entry.unit ?? '');
    return { key: `${code.system} ${code.code} ${unit}`, test: code.code, title: entry.text, unit, point: { ...point, value } };
  }
  const converted = convertUnit(test.quantity, value, { from: entry.unit ?? '1', to: test.unit });
  if (converted === undefined) return `The unit of the value is not one of ${test.title.toLowerCase()}`;
  return { key: test.id, test: test.id, title: test.title, unit: test.unit, point: { ...point, value: converted } };
}

function merged(points: readonly LabPoint[]): LabPoint[] {
  const byMoment = new Map<string, LabPoint>();
  for (const point of points) {
    const key = `${point.moment.from} ${point.value}`;
    const same = byMoment.get(key);
    byMoment.set(key, same ? { ...same, from: [...same.from, ...point.from] } : point);
  }
  return [...byMoment.values()].sort((a, b) => a.moment.from - b.moment.from || a.value - b.value);
}
