import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import {
  acknowledgeCriticalResult,
  type CriticalResult,
  TOLD_BY_WAYS,
  tellCriticalResult,
  withdrawCriticalResult,
} from '../../contract/critical-results.ts';
import type { Report } from '../../contract/reports.ts';
import { call } from '../api.ts';
import { dateTime } from '../format.ts';
import { reportWords } from '../strings/report/words.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { CriticalBadge } from './CriticalBadge.tsx';
import type { Put } from './editor-dialog.ts';
import { insertionsQuery } from './report-queries.ts';

const text = reportWords.results;

type CriticalResultCardProps = { uid: string; report: Report | undefined; result: CriticalResult; onPut: (put: Put) => void };

/** One critical result: where it stands, and the next thing to record. */
export function CriticalResultCard({ uid, report, result, onPut }: CriticalResultCardProps) {
  return (
    <article className="flex flex-col gap-2 border-b border-line pb-4">
      <div className="flex flex-wrap items-start gap-2">
        <p className="grow font-medium">
          <bdi>{result.text}</bdi>
        </p>
        <CriticalBadge result={result} />
      </div>
      <p className="text-sm text-muted">
        {text.categories[result.category]} · {text.due(dateTime(result.due_at))} · <bdi>{result.marked_by}</bdi>
      </p>
      {result.told_to && result.told_at && result.told_how && (
        <p>
          <span className="text-muted">{text.toldTo}:</span>{' '}
          {text.toldLine(result.told_to, text.ways[result.told_how], dateTime(result.told_at))}
          {result.read_back && ` · ${text.readBack}`}
        </p>
      )}
      {result.acknowledged_by && result.acknowledged_at && (
        <p>
          <span className="text-muted">{text.acknowledgedBy}:</span> <bdi>{result.acknowledged_by}</bdi>, {dateTime(result.acknowledged_at)}
        </p>
      )}
      {result.reason && (
        <p>
          <span className="text-muted">{text.reason}:</span> <bdi>{result.reason}</bdi>
        </p>
      )}
      {result.status === 'open' && <ToldForm uid={uid} result={result} />}
      {result.status === 'told' && <AcknowledgeForm uid={uid} result={result} />}
      {report && (result.status === 'told' || result.status === 'acknowledged') && (
        <SentenceButton uid={uid} report={report} result={result} onPut={onPut} />
      )}
    </article>
  );
}

function useRecord(uid: string, record: () => Promise<unknown>) {
  const queryClient = useQueryClient();
  return useMutation({ mutationFn: record, onSuccess: () => queryClient.invalidateQueries({ queryKey: ['study', uid] }) });
}

function ToldForm({ uid, result }: { uid: string; result: CriticalResult }) {
  const [to, setTo] = useState('');
  const [how, setHow] = useState<(typeof TOLD_BY_WAYS)[number]>('telephone');
  const [readBack, setReadBack] = useState(false);
  const tell = useRecord(uid, () =>
    call(tellCriticalResult, { params: { id: result.id }, body: { told_to: to.trim(), told_how: how, read_back: readBack } }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    tell.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-3 *:min-w-36 *:grow">
        <Field label={text.toldTo}>
          {(control) => (
            <input
              {...control}
              dir="auto"
              maxLength={200}
              className={INPUT_CLASS}
              value={to}
              onChange={({ target }) => setTo(target.value)}
            />
          )}
        </Field>
        <Field label={text.toldHow}>
          {(control) => (
            <select
              {...control}
              className={INPUT_CLASS}
              value={how}
              onChange={({ target }) => setHow(TOLD_BY_WAYS.find((way) => way === target.value) ?? 'telephone')}
            >
              {TOLD_BY_WAYS.map((way) => (
                <option key={way} value={way}>
                  {text.ways[way]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <label className="flex min-h-6 items-center gap-2">
        <input type="checkbox" className="size-4 accent-strong" checked={readBack} onChange={({ target }) => setReadBack(target.checked)} />
        {text.readBack}
      </label>
      {tell.isError && <ProblemNote error={tell.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Withdraw uid={uid} result={result} />
        <Button type="submit" look="primary" busy={tell.isPending} disabled={to.trim().length < 2}>
          {text.recordTold}
        </Button>
      </div>
    </form>
  );
}

function AcknowledgeForm({ uid, result }: { uid: string; result: CriticalResult }) {
  const [by, setBy] = useState(result.told_to ?? '');
  const acknowledge = useRecord(uid, () =>
    call(acknowledgeCriticalResult, { params: { id: result.id }, body: { acknowledged_by: by.trim() } }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    acknowledge.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
      <div className="min-w-36 grow">
        <Field label={text.acknowledgedBy}>
          {(control) => (
            <input
              {...control}
              dir="auto"
              maxLength={200}
              className={INPUT_CLASS}
              value={by}
              onChange={({ target }) => setBy(target.value)}
            />
          )}
        </Field>
      </div>
      <Button type="submit" busy={acknowledge.isPending} disabled={by.trim().length < 2}>
        {text.acknowledge}
      </Button>
      {acknowledge.isError && <ProblemNote error={acknowledge.error} />}
    </form>
  );
}

/** Asks for the reason in place: it is part of the record. */
function Withdraw({ uid, result }: { uid: string; result: CriticalResult }) {
  const [reason, setReason] = useState<string | null>(null);
  const withdraw = useRecord(uid, () =>
    call(withdrawCriticalResult, { params: { id: result.id }, body: { reason: (reason ?? '').trim() } }),
  );
  if (reason === null) {
    return (
      <Button look="quiet" onClick={() => setReason('')}>
        {text.withdraw}
      </Button>
    );
  }
  return (
    <span className="flex grow flex-wrap items-center gap-2">
      <input
        aria-label={text.reason}
        placeholder={text.reason}
        dir="auto"
        maxLength={1000}
        className={`${INPUT_CLASS} w-auto! min-w-36 grow`}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      <Button busy={withdraw.isPending} disabled={reason.trim().length < 3} onClick={() => withdraw.mutate()}>
        {text.withdraw}
      </Button>
      {withdraw.isError && <ProblemNote error={withdraw.error} />}
    </span>
  );
}

function SentenceButton({
  uid,
  report,
  result,
  onPut,
}: {
  uid: string;
  report: Report;
  result: CriticalResult;
  onPut: (put: Put) => void;
}) {
  const insertions = useQuery(insertionsQuery(uid, report.id));
  const insertion = insertions.data?.items.find(({ kind, id }) => kind === 'critical-result' && id === result.id);
  if (!insertion) return null;
  return (
    <Button className="self-start" onClick={() => onPut({ insertion, at: 'impression' })}>
      {text.insertSentence}
    </Button>
  );
}
