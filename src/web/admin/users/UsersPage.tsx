import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useRights } from '../../rights.ts';
import { adminWords } from '../../strings/admin/words.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Button } from '../../ui/Button.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { Accounts } from './Accounts.tsx';
import { AddUserDialog } from './AddUserDialog.tsx';
import { Invitations } from './Invitations.tsx';
import { InviteDialog } from './InviteDialog.tsx';
import { Registrations } from './Registrations.tsx';
import { invitationsQuery, registrationsQuery } from './user-queries.ts';

const text = peopleWords.users;

/** Everybody who may sign in, who asks to, and who was invited to. */
export function UsersPage() {
  const [tab, setTab] = useState<keyof typeof text.tabs>('accounts');
  const [opened, setOpened] = useState<'invite' | 'add'>();
  const registrations = useQuery(registrationsQuery);
  const invitations = useQuery(invitationsQuery);
  const mayChange = useRights()?.('user:write') ?? false;
  const close = (): void => setOpened(undefined);
  return (
    <>
      <PageHeader
        title={adminWords.places.users}
        lead={text.lead}
        actions={
          mayChange && (
            <>
              <Button onClick={() => setOpened('add')}>{text.add}</Button>
              <Button look="primary" onClick={() => setOpened('invite')}>
                {text.invite}
              </Button>
            </>
          )
        }
      />
      <Tabs
        label={adminWords.places.users}
        className="grow [&>[role=tablist]]:px-4 max-md:[&>[role=tablist]]:px-3"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'accounts', title: text.tabs.accounts, content: <Accounts mayChange={mayChange} /> },
          {
            value: 'registrations',
            title: text.tabs.registrations,
            note: registrations.data?.items.length,
            content: <Registrations mayChange={mayChange} />,
          },
          {
            value: 'invitations',
            title: text.tabs.invitations,
            note: invitations.data?.items.length,
            content: <Invitations mayChange={mayChange} />,
          },
        ]}
      />
      {opened === 'invite' && <InviteDialog onClose={close} />}
      {opened === 'add' && <AddUserDialog onClose={close} />}
    </>
  );
}
