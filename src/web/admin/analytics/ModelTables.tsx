import { Brain } from 'lucide-react';
import type { ReadingAnalytics } from '../../../contract/analytics.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { strings } from '../../strings/strings.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import type { Column } from '../../ui/table-columns.ts';

const text = operationsWords.analytics;
type Finding = ReadingAnalytics['findings'][number];
type Run = ReadingAnalytics['runs'][number];
type Discordance = ReadingAnalytics['discordances'][number];

/** What readers made of the models' findings, how the models ran, and where report and models disagree. */
export function ModelTables({ figures: { findings, runs, discordances } }: { figures: ReadingAnalytics }) {
  return (
    <>
      <section aria-label={text.findings}>
        <h2 className="text-lg font-semibold">{text.findings}</h2>
        <p className="pb-1 text-muted">{strings.researchUse}</p>
        <DataTable
          caption={text.findings}
          columns={FINDINGS}
          rows={findings}
          rowKey={({ model_id, model_version, code }) => `${model_id} ${model_version} ${code}`}
          empty={<EmptyState icon={Brain} title={text.noFindings} detail={text.noFindingsDetail} />}
        />
      </section>
      {runs.length > 0 && (
        <section aria-label={text.runs}>
          <h2 className="pb-1 text-lg font-semibold">{text.runs}</h2>
          <DataTable
            caption={text.runs}
            columns={RUNS}
            rows={runs}
            rowKey={({ model_id, model_version }) => `${model_id} ${model_version}`}
            empty={null}
          />
        </section>
      )}
      {discordances.length > 0 && (
        <section aria-label={text.discordances}>
          <h2 className="pb-1 text-lg font-semibold">{text.discordances}</h2>
          <DataTable caption={text.discordances} columns={DISCORDANCES} rows={discordances} rowKey={({ kind }) => kind} empty={null} />
        </section>
      )}
    </>
  );
}

const decided = ({ accepted, edited, rejected }: Finding): number => accepted + edited + rejected;

/** A count, and its share of what was decided. */
function share(count: number, finding: Finding): string {
  const all = decided(finding);
  return all === 0 ? '\u2013' : `${count} (${Math.round((100 * count) / all)}\u00a0%)`;
}

/** Accepted, edited and rejected side by side; the columns say the same in numbers. */
function Decisions({ finding }: { finding: Finding }) {
  const all = Math.max(1, decided(finding));
  const parts = [
    ['bg-accepted', finding.accepted],
    ['bg-control', finding.edited],
    ['bg-critical', finding.rejected],
  ] as const;
  return (
    <span aria-hidden className="flex h-1.5 w-full gap-px overflow-hidden rounded-sm bg-hover">
      {parts.map(([color, count]) => (
        <span key={color} className={color} style={{ width: `${(100 * count) / all}%` }} />
      ))}
    </span>
  );
}

const model = ({ model_id, model_version }: { model_id: string; model_version: string }) => (
  <span className="text-muted">
    <bdi>{model_id}</bdi> <span className="tabular-nums">{model_version}</span>
  </span>
);

const FINDINGS: readonly Column<Finding>[] = [
  { key: 'title', title: text.finding, cell: ({ title }) => <bdi className="font-medium">{title}</bdi> },
  { key: 'model', title: text.model, cell: model, hideBelow: 'lg' },
  { key: 'shares', title: text.decisions, width: '9rem', hideBelow: 'xl', cell: (finding) => <Decisions finding={finding} /> },
  {
    key: 'accepted',
    title: text.accepted,
    width: '8rem',
    align: 'end',
    sortBy: ({ accepted }) => accepted,
    cell: (finding) => share(finding.accepted, finding),
  },
  {
    key: 'edited',
    title: text.edited,
    width: '8rem',
    align: 'end',
    sortBy: ({ edited }) => edited,
    cell: (finding) => share(finding.edited, finding),
  },
  {
    key: 'rejected',
    title: text.rejected,
    width: '8rem',
    align: 'end',
    sortBy: ({ rejected }) => rejected,
    cell: (finding) => share(finding.rejected, finding),
  },
  {
    key: 'proposed',
    title: text.proposed,
    width: '7rem',
    align: 'end',
    sortBy: ({ proposed }) => proposed,
    cell: ({ proposed }) => proposed,
  },
];
const RUNS: readonly Column<Run>[] = [
  { key: 'model', title: text.model, cell: model },
  { key: 'succeeded', title: text.evaluated, width: '9rem', align: 'end', cell: ({ succeeded }) => succeeded },
  { key: 'abstained', title: text.abstained, width: '9rem', align: 'end', cell: ({ abstained }) => abstained },
  { key: 'failed', title: text.failed, width: '9rem', align: 'end', cell: ({ failed }) => failed },
];
const DISCORDANCES: readonly Column<Discordance>[] = [
  { key: 'kind', title: text.kind, cell: ({ kind }) => text.kinds[kind as keyof typeof text.kinds] ?? kind },
  { key: 'open', title: text.open, width: '9rem', align: 'end', cell: ({ open }) => open },
  { key: 'resolved', title: text.resolved, width: '9rem', align: 'end', cell: ({ resolved }) => resolved },
];
