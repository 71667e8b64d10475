import { useQuery } from '@tanstack/react-query';
import { ListChecks, Play, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { dropJob, JOB_STATES, type Job, retryJob } from '../../../contract/jobs.ts';
import { call } from '../../api.ts';
import { useRights } from '../../rights.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { FormModal } from '../FormModal.tsx';
import { jobsQuery } from '../operations-queries.ts';
import { useAct } from '../use-act.ts';
import { When } from '../When.tsx';

const text = operationsWords.jobs;
type State = Job['state'];
/** Of a tab whose answer is not there yet; every answer counts all states. */
const NONE = { running: 0, waiting: 0, delayed: 0, dead: 0 };

/** Background work by its state; what died can begin anew, what is not wanted can be ended. */
export function JobsPage() {
  const [state, setState] = useState<State>('running');
  const jobs = useQuery({ ...jobsQuery(state), placeholderData: (before) => before });
  const [dropping, setDropping] = useState<Job>();
  const mayWrite = useRights()?.('system:write') ?? false;
  const again = useAct({
    run: ({ id }: Job) => call(retryJob, { params: { id } }),
    refreshes: [['jobs']],
    said: ({ name }) => text.retried(text.names[name as keyof typeof text.names] ?? name),
  });
  const shown = jobs.data?.items.filter((job) => job.state === state);
  const allAgain = useAct({
    run: () => Promise.all((shown ?? []).map(({ id }) => call(retryJob, { params: { id } }))),
    refreshes: [['jobs']],
    said: () => text.allRetried,
  });
  const counts = jobs.data?.counts ?? NONE;
  const list = (
    <ScrollArea label={text.states[state]} className="h-full">
      <DataTable
        caption={text.states[state]}
        columns={columnsFor(state, mayWrite ? { onRetry: again.mutate, onDrop: setDropping } : undefined)}
        rows={shown}
        rowKey={({ id }) => id}
        error={jobs.error}
        onRetry={() => void jobs.refetch()}
        empty={<EmptyState icon={ListChecks} title={text.none[state]} detail={text.noneDetail[state]} />}
      />
    </ScrollArea>
  );
  return (
    <>
      <PageHeader
        title={operationsWords.places.jobs}
        lead={text.lead}
        actions={
          mayWrite &&
          state === 'dead' &&
          (shown?.length ?? 0) > 1 && (
            <Button icon={RotateCcw} busy={allAgain.isPending} onClick={() => allAgain.mutate()}>
              {text.retryAll}
            </Button>
          )
        }
      />
      <Tabs
        label={operationsWords.places.jobs}
        value={state}
        onChange={setState}
        className="grow [&>[role=tablist]]:px-4"
        tabs={JOB_STATES.map((value) => ({
          value,
          title: text.states[value],
          note: counts[value],
          content: value === state ? list : null,
        }))}
      />
      {dropping && <DropDialog job={dropping} onClose={() => setDropping(undefined)} />}
    </>
  );
}

function DropDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const act = useAct({
    run: () => call(dropJob, { params: { id: job.id } }),
    refreshes: [['jobs']],
    said: () => {
      onClose();
      return text.dropped(nameOf(job));
    },
  });
  return (
    <FormModal title={text.dropTitle(nameOf(job))} lead={text.dropDetail} action={text.drop} isDanger onClose={onClose} act={act}>
      {job.last_error && <p className="rounded-md border border-line bg-raised p-2 text-muted">{job.last_error}</p>}
    </FormModal>
  );
}

type Acts = { onRetry: (job: Job) => void; onDrop: (job: Job) => void };

function columnsFor(state: State, acts: Acts | undefined): readonly Column<Job>[] {
  const columns: Column<Job>[] = [
    {
      key: 'name',
      title: text.name,
      width: '17rem',
      cell: (job) => (
        <span title={job.name}>
          <span className="font-medium">{nameOf(job)}</span>
          {job.is_of_installation && <span className="text-faint"> {text.ofInstallation}</span>}
        </span>
      ),
    },
    { key: 'attempts', title: text.attempts, width: '6rem', align: 'end', cell: ({ attempts }) => attempts },
    { key: 'at', title: text.at[state], width: '12rem', cell: (job) => <When at={timeOf(job)} /> },
    {
      key: 'reason',
      title: text.reason,
      cell: ({ last_error }) => (
        <span
          dir="auto"
          className={`block text-muted ${state === 'dead' ? 'py-1.5 whitespace-normal' : 'truncate'}`}
          title={last_error ?? ''}
        >
          {last_error}
        </span>
      ),
    },
  ];
  if (acts)
    columns.push({
      key: 'acts',
      title: '',
      width: '6rem',
      align: 'end',
      cell: (job) => (
        <span className="-my-1 inline-flex">
          {state === 'dead' && <IconButton icon={RotateCcw} label={text.retry(nameOf(job))} onClick={() => acts.onRetry(job)} />}
          {state === 'delayed' && <IconButton icon={Play} label={text.runNow(nameOf(job))} onClick={() => acts.onRetry(job)} />}
          <IconButton icon={Trash2} label={text.dropOne(nameOf(job))} onClick={() => acts.onDrop(job)} />
        </span>
      ),
    });
  return columns;
}

function nameOf({ name }: Job): string {
  return text.names[name as keyof typeof text.names] ?? name;
}

function timeOf({ state, created_at, run_at, started_at, finished_at }: Job): string | null {
  return { running: started_at, waiting: created_at, delayed: run_at, dead: finished_at }[state];
}
