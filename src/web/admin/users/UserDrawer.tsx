import { useQuery } from '@tanstack/react-query';
import { KeyRound, LogOut, ShieldOff, Unlock, UserCheck, UserX } from 'lucide-react';
import { useState } from 'react';
import { resetFactors } from '../../../contract/identity-factors.ts';
import { endUserSessions, issuePasswordReset, type User, unlockUser, updateUser } from '../../../contract/identity-users.ts';
import { call } from '../../api.ts';
import { dateTime } from '../../format.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { strings } from '../../strings/strings.ts';
import { Button } from '../../ui/Button.tsx';
import { Drawer } from '../../ui/Drawer.tsx';
import { Skeleton } from '../../ui/EmptyState.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { FormModal } from '../FormModal.tsx';
import { ShownOnce } from '../ShownOnce.tsx';
import { useAct } from '../use-act.ts';
import { UserForm } from './UserForm.tsx';
import { USERS, userSessionsQuery } from './user-queries.ts';

const { users: text, common } = peopleWords;

type UserDrawerProps = { user: User; mayChange: boolean; onClose: () => void };

/** One account: what it is, where it is signed in, and what can be done with it. */
export function UserDrawer({ user, mayChange, onClose }: UserDrawerProps) {
  return (
    <Drawer open onOpenChange={onClose} title={user.full_name} lead={user.username}>
      <div className="flex flex-col gap-5">
        {mayChange && <Acts user={user} />}
        <UserForm user={user} readOnly={!mayChange} />
        <Sessions user={user} mayChange={mayChange} />
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5 text-sm text-muted">
          <dt>{common.created}</dt>
          <dd className="tabular-nums">{dateTime(user.created_at)}</dd>
          <dt>{text.lastLogin}</dt>
          <dd className="tabular-nums">{user.last_login === null ? common.never : dateTime(user.last_login)}</dd>
        </dl>
      </div>
    </Drawer>
  );
}

function Acts({ user: { id, full_name, is_active, locked_until } }: { user: User }) {
  const [isRemoving, setIsRemoving] = useState(false);
  const refreshes = [USERS];
  const setActive = (active: boolean) => call(updateUser, { params: { id }, body: { is_active: active } });
  const activate = useAct({ run: () => setActive(true), refreshes, said: () => text.activated(full_name) });
  const deactivate = useAct({
    run: () => setActive(false),
    refreshes,
    said: () => text.deactivated(full_name),
    undo: () => activate.mutate(),
  });
  const unlock = useAct({ run: () => call(unlockUser, { params: { id } }), refreshes, said: () => text.unlocked });
  const reset = useAct({ run: () => call(issuePasswordReset, { params: { id } }), refreshes: [] });
  const remove = useAct({
    run: async () => {
      await call(resetFactors, { params: { id } });
      setIsRemoving(false);
    },
    refreshes,
    said: () => text.factorsRemoved,
  });
  return (
    <div className="flex flex-wrap gap-2">
      {locked_until && (
        <Button icon={Unlock} busy={unlock.isPending} onClick={() => unlock.mutate()}>
          {text.unlock}
        </Button>
      )}
      {is_active && (
        <Button icon={KeyRound} busy={reset.isPending} onClick={() => reset.mutate()}>
          {text.reset}
        </Button>
      )}
      <Button icon={ShieldOff} onClick={() => setIsRemoving(true)}>
        {text.removeFactors}
      </Button>
      {is_active ? (
        <Button icon={UserX} busy={deactivate.isPending} onClick={() => deactivate.mutate()}>
          {text.deactivate}
        </Button>
      ) : (
        <Button icon={UserCheck} busy={activate.isPending} onClick={() => activate.mutate()}>
          {text.activate}
        </Button>
      )}
      {reset.data && <ShownOnce title={text.reset} value={reset.data.url} expiresAt={reset.data.expires_at} onClose={reset.reset} />}
      {isRemoving && (
        <FormModal
          title={text.removeFactors}
          lead={text.removeFactorsLead}
          action={text.removeFactors}
          isDanger
          act={remove}
          onClose={() => setIsRemoving(false)}
        />
      )}
    </div>
  );
}

function Sessions({ user: { id }, mayChange }: { user: User; mayChange: boolean }) {
  const sessions = useQuery(userSessionsQuery(id));
  const end = useAct({
    run: () => call(endUserSessions, { params: { id } }),
    refreshes: [userSessionsQuery(id).queryKey],
    said: () => text.signedOut,
  });
  return (
    <section aria-label={text.sessions} className="flex flex-col gap-2">
      <h3 className="font-medium">{text.sessions}</h3>
      {sessions.isPending && <Skeleton rows={2} label={strings.common.loading} />}
      {sessions.isError && <ProblemNote error={sessions.error} />}
      {sessions.data?.items.length === 0 && <p className="text-muted">{text.noSessions}</p>}
      <ul className="flex flex-col divide-y divide-line">
        {sessions.data?.items.map(({ id: session, device, ip, last_used_at }) => (
          <li key={session} className="py-1.5">
            <bdi className="block truncate" title={device}>
              {device}
            </bdi>
            <span className="block text-sm text-muted tabular-nums">
              <bdi>{ip}</bdi> {dateTime(last_used_at)}
            </span>
          </li>
        ))}
      </ul>
      {mayChange && (sessions.data?.items.length ?? 0) > 0 && (
        <Button icon={LogOut} className="self-start" busy={end.isPending} onClick={() => end.mutate()}>
          {text.signOut}
        </Button>
      )}
    </section>
  );
}
