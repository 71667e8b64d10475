import { type ReactNode, useState } from 'react';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { decimal, unitText } from '../format.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { seriesOf } from './observation-series.ts';
import { TrendLine } from './TrendLine.tsx';

const FIRST = 12;

/** What was measured more than once as small lines, one beside the other; the rest as a list. */
export function ObservationTrends({ entries, actions }: { entries: readonly RecordEntry[]; actions: ReactNode }) {
  const [search, setSearch] = useState('');
  const [all, setAll] = useState(false);
  const wanted = search.trim().toLowerCase();
  const { series, others } = seriesOf(entries.filter(({ text }) => text.toLowerCase().includes(wanted)));
  const shown = all || wanted ? series : series.slice(0, FIRST);
  return (
    <Card title={strings.patients.kinds.observation} count={entries.length} actions={actions}>
      {entries.length === 0 && <p className="text-faint">{strings.patients.nothing}</p>}
      {entries.length > FIRST && (
        <SearchBox className="max-w-80 pb-2" label={words.searchObservations} value={search} onChange={setSearch} />
      )}
      <ul className="grid gap-x-6 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
        {shown.map(({ key, title, unit, points }) => (
          <li key={key} className="min-w-0 border-b border-line py-2">
            <p className="truncate" title={title}>
              <bdi className="font-medium">{title}</bdi>
            </p>
            <p className="text-sm text-faint tabular-nums" dir="ltr">
              {words.spanOf(points.length, points[0]?.at.slice(0, 10) ?? '', points.at(-1)?.at.slice(0, 10) ?? '')}
            </p>
            <TrendLine title={title} unit={unit} points={points} />
          </li>
        ))}
      </ul>
      {shown.length < series.length && (
        <Button look="quiet" onClick={() => setAll(true)}>
          {words.showAll(series.length)}
        </Button>
      )}
      {others.length > 0 && (
        <details className="pt-2" open={series.length === 0}>
          <summary className="w-fit rounded-sm text-muted hover:text-text">{words.single(others.length)}</summary>
          <ul className="divide-y divide-line">
            {others.slice(0, 200).map(({ id, text, value, unit, value_text, started_at }) => (
              <li key={id} className="flex flex-wrap items-baseline gap-x-3 py-1">
                <bdi>{text}</bdi>
                <bdi className="tabular-nums">{value === null ? value_text : `${decimal(value)} ${unitText(unit ?? '')}`}</bdi>
                <span className="ms-auto text-sm text-faint tabular-nums">{started_at?.slice(0, 10)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}
