import { useMutation, useQuery } from '@tanstack/react-query';
import { Link2Off, LockKeyhole } from 'lucide-react';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { getSharedDiagnosis } from '../../contract/diagnosis-shares.ts';
import { openShareLink } from '../../contract/identity-shares.ts';
import { getReportPdf } from '../../contract/reports.ts';
import { ApiProblem, call, urlOf } from '../api.ts';
import { AgentCards } from '../diagnosis/AgentCards.tsx';
import { DiagnosisResultsView } from '../diagnosis/DiagnosisResultsView.tsx';
import { isOver } from '../diagnosis/diagnosis-queries.ts';
import { dateTime } from '../format.ts';
import { EntryFrame } from '../shell/EntryFrame.tsx';
import { Logo } from '../shell/Logo.tsx';
import { usePageTitle } from '../shell/page-title.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { SharedStudy } from './SharedStudy.tsx';

type Opened = { study_instance_uid: string | null; report_id: string | null; diagnosis_id: string | null; expires_at: string };

/** Where a shared link leads. The secret stands behind the `#`, is taken out of the address at once, and is never kept. */
export function SharePage() {
  usePageTitle(words.sharedTitle);
  const [token] = useState(takeToken);
  const open = useMutation({
    mutationFn: (password: string) => call(openShareLink, { body: { token, ...(password ? { password } : {}) } }),
  });
  const { mutate } = open;
  const asked = useRef(false);
  useEffect(() => {
    if (token === '' || asked.current) return;
    asked.current = true;
    mutate('');
  }, [token, mutate]);
  if (open.data) return <Shown opened={open.data} />;
  if (token === '') return <Broken />;
  if (open.isError && !isRefusal(open.error))
    return (
      <EntryFrame title={words.sharedTitle} lead={words.sharedLead}>
        <ProblemNote error={open.error} action={<Button onClick={() => mutate('')}>{strings.common.retry}</Button>} />
      </EntryFrame>
    );
  if (open.isIdle || (open.isPending && open.variables === ''))
    return (
      <EntryFrame title={words.sharedTitle} lead={words.sharedLead}>
        <Skeleton rows={3} label={strings.common.loading} />
      </EntryFrame>
    );
  return <AskPassword isWrong={open.variables !== ''} isBusy={open.isPending} onOpen={mutate} />;
}

function AskPassword({ isWrong, isBusy, onOpen }: { isWrong: boolean; isBusy: boolean; onOpen: (password: string) => void }) {
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onOpen(password);
  };
  return (
    <EntryFrame title={words.sharedTitle} lead={words.sharedClosed}>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <Field label={words.linkPassword} error={isWrong ? words.wrongPassword : undefined}>
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="off"
              required
              className={INPUT_CLASS}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" look="primary" icon={LockKeyhole} busy={isBusy}>
          {words.open}
        </Button>
      </form>
    </EntryFrame>
  );
}

function Shown({ opened }: { opened: Opened }) {
  if (opened.diagnosis_id !== null) return <SharedDiagnosis expiresAt={opened.expires_at} />;
  if (opened.report_id !== null)
    return (
      <EntryFrame title={words.sharedReport} lead={words.until(dateTime(opened.expires_at))}>
        <a className={buttonClass('primary')} href={urlOf(getReportPdf, { params: { id: opened.report_id } })}>
          {strings.report.openPdf}
        </a>
      </EntryFrame>
    );
  return (
    <SharedFrame title={words.sharedStudy} lead={words.until(dateTime(opened.expires_at))}>
      <SharedStudy uid={opened.study_instance_uid ?? ''} />
    </SharedFrame>
  );
}

function SharedDiagnosis({ expiresAt }: { expiresAt: string }) {
  const shared = useQuery({
    queryKey: ['shared-diagnosis'],
    queryFn: ({ signal }) => call(getSharedDiagnosis, undefined, { signal }),
    gcTime: 0,
  });
  return (
    <SharedFrame title={words.sharedDiagnosis} lead={words.sharedDiagnosisLead(dateTime(expiresAt))}>
      {shared.isError && <ProblemNote error={shared.error} />}
      {shared.isPending && <Skeleton rows={8} label={strings.common.loading} />}
      {shared.data && (
        <>
          <AgentCards agents={shared.data.agents} progress={0} isOver={isOver(shared.data.status) || shared.data.status === 'pending'} />
          <DiagnosisResultsView results={shared.data.results} showsStudies={false} />
        </>
      )}
    </SharedFrame>
  );
}

/** Without navigation: whoever comes through a link sees what it shows, and nothing else is there for him. */
function SharedFrame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-10 shrink-0 items-center gap-2 border-b border-line bg-surface px-3">
        <Logo />
        <span className="text-lg font-semibold tracking-tight">{strings.product}</span>
        <span className="ms-auto text-sm text-muted">{strings.researchUse}</span>
      </header>
      <main className="mx-auto flex w-full max-w-280 flex-col gap-4 px-4 py-4">
        <div>
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
          <p className="text-muted">{lead}</p>
        </div>
        {children}
      </main>
    </div>
  );
}

function Broken() {
  return (
    <EntryFrame title={words.sharedTitle} lead="">
      <EmptyState icon={Link2Off} title={words.linkBroken} detail={words.linkBrokenDetail} />
    </EntryFrame>
  );
}

/** The secret of the address; it does not stay in the history of the browser. */
function takeToken(): string {
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  if (token) history.replaceState(history.state, '', location.pathname);
  return token;
}

/** A link that needs a password, is over, or never was: the server tells these alike. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}
