import { useQuery } from '@tanstack/react-query';
import { Check, Clock3, LoaderCircle, RotateCcw, TriangleAlert } from 'lucide-react';
import { type AgentHealth, restartAgent } from '../../../contract/agents.ts';
import { call } from '../../api.ts';
import { dateTime, decimal } from '../../format.ts';
import { useRights } from '../../rights.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { IconButton } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { agentsQuery } from '../operations-queries.ts';
import { useAct } from '../use-act.ts';

const text = operationsWords.agents;
const LOOKS = {
  ready: { icon: Clock3 },
  processing: { tone: 'ai', icon: LoaderCircle, spin: true },
  complete: { icon: Check },
  error: { tone: 'critical', icon: TriangleAlert },
} as const;

/** The agents of diagnoses: what they are at, how long they take, and a new beginning for one that hangs. */
export function Agents() {
  const agents = useQuery(agentsQuery);
  const mayWrite = useRights()?.('system:write') ?? false;
  const restart = useAct({
    run: (agent: AgentHealth['agent']) => call(restartAgent, { params: { agent } }),
    refreshes: [agentsQuery.queryKey],
    said: (agent) => text.restarted(text.names[agent]),
  });
  return (
    <section aria-label={text.title} className="pt-6">
      <h2 className="pb-1 text-lg font-semibold">{text.title}</h2>
      <DataTable
        caption={text.title}
        columns={mayWrite ? [...COLUMNS, restartColumn((agent) => restart.mutate(agent))] : COLUMNS}
        rows={agents.data?.items}
        rowKey={({ agent }) => agent}
        error={agents.error}
        onRetry={() => void agents.refetch()}
        empty={null}
      />
    </section>
  );
}

const COLUMNS: readonly Column<AgentHealth>[] = [
  { key: 'agent', title: text.agent, cell: ({ agent }) => <span className="font-medium">{text.names[agent]}</span> },
  {
    key: 'status',
    title: text.status,
    width: '9rem',
    cell: ({ status }) => <Badge {...LOOKS[status]}>{text.states[status]}</Badge>,
  },
  { key: 'running', title: text.running, width: '6rem', align: 'end', cell: ({ running }) => running },
  { key: 'waiting', title: text.waiting, width: '6rem', align: 'end', cell: ({ waiting }) => waiting },
  {
    key: 'mean',
    title: text.mean,
    width: '8rem',
    align: 'end',
    cell: ({ mean_processing_time: mean }) => (mean === null ? '\u2013' : `${decimal(mean, 1)}\u00a0s`),
  },
  { key: 'limit', title: text.limit, width: '7rem', align: 'end', hideBelow: 'xl', cell: ({ time_limit_s }) => `${time_limit_s}\u00a0s` },
  {
    key: 'last',
    title: text.last,
    width: '12rem',
    hideBelow: 'lg',
    cell: ({ last_run }) => <span className="text-muted tabular-nums">{last_run ? dateTime(last_run.finished_at) : text.never}</span>,
  },
];

function restartColumn(onRestart: (agent: AgentHealth['agent']) => void): Column<AgentHealth> {
  return {
    key: 'restart',
    title: '',
    width: '4rem',
    align: 'end',
    cell: ({ agent }) => (
      <IconButton icon={RotateCcw} label={text.restart(text.names[agent])} className="-my-1" onClick={() => onRestart(agent)} />
    ),
  };
}
