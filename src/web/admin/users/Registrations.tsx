import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, UserRoundCheck } from 'lucide-react';
import { useState } from 'react';
import { approveRegistration, declineRegistration, type Registration, type TenantRole } from '../../../contract/identity-users.ts';
import { call } from '../../api.ts';
import { dateTime } from '../../format.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { showToast } from '../../ui/toast.ts';
import { FormModal } from '../FormModal.tsx';
import { useAct } from '../use-act.ts';
import { ROLE_CHOICES } from './roles.ts';
import { REGISTRATIONS, registrationsQuery, USERS } from './user-queries.ts';

const { registrations: text, users, common } = peopleWords;

/** People who ask for an account, the oldest first. */
export function Registrations({ mayChange }: { mayChange: boolean }) {
  const registrations = useQuery(registrationsQuery);
  const [approving, setApproving] = useState<Registration>();
  const refuse = useAct({
    run: (id: string) => call(declineRegistration, { params: { id } }),
    refreshes: [REGISTRATIONS],
    said: () => text.refused,
  });
  const columns: Column<Registration>[] = [
    { key: 'name', title: common.name, cell: ({ full_name }) => <bdi className="font-medium">{full_name}</bdi> },
    {
      key: 'username',
      title: users.username,
      cell: ({ username, is_taken }) => (
        <span className="inline-flex items-center gap-2">
          <bdi>{username}</bdi>
          {is_taken && (
            <Badge tone="attention" icon={CircleAlert}>
              {text.taken}
            </Badge>
          )}
        </span>
      ),
    },
    { key: 'email', title: users.email, hideBelow: 'lg', cell: ({ email }) => <bdi className="text-muted">{email}</bdi> },
    {
      key: 'asked',
      title: text.asked,
      width: '12rem',
      hideBelow: 'xl',
      cell: ({ created_at }) => <span className="text-muted tabular-nums">{dateTime(created_at)}</span>,
    },
    ...(mayChange ? [{ key: 'act', title: '', width: '14rem', align: 'end' as const, cell: decision }] : []),
  ];
  function decision(asked: Registration) {
    return (
      <span className="inline-flex gap-1">
        <Button look="quiet" onClick={() => refuse.mutate(asked.id)}>
          {text.refuse}
        </Button>
        <Button className="my-0.5 h-7!" onClick={() => setApproving(asked)}>
          {text.approve}
        </Button>
      </span>
    );
  }
  return (
    <ScrollArea label={users.tabs.registrations} className="h-full">
      <DataTable
        caption={users.tabs.registrations}
        columns={columns}
        rows={registrations.data?.items}
        rowKey={({ id }) => id}
        error={registrations.error}
        onRetry={() => void registrations.refetch()}
        empty={<EmptyState icon={UserRoundCheck} title={text.none} detail={text.noneDetail} />}
      />
      {approving && <ApproveDialog asked={approving} onClose={() => setApproving(undefined)} />}
    </ScrollArea>
  );
}

function ApproveDialog({ asked, onClose }: { asked: Registration; onClose: () => void }) {
  const [role, setRole] = useState<TenantRole>('doctor');
  const [username, setUsername] = useState(asked.username);
  const [patientId, setPatientId] = useState('');
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () =>
      call(approveRegistration, {
        params: { id: asked.id },
        body: { role, username, ...(role === 'patient' ? { patient_id: patientId.trim() } : {}) },
      }),
    onSuccess: async () => {
      onClose();
      showToast({ text: text.approved(asked.full_name) });
      await Promise.all([USERS, REGISTRATIONS].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
    },
  });
  return (
    <FormModal title={asked.full_name} action={text.approve} act={act} onClose={onClose}>
      <Select label={common.role} value={role} choices={ROLE_CHOICES} onChange={setRole} />
      {role === 'patient' && (
        <TextField label={users.patient} hint={users.patientHint} required value={patientId} onChange={setPatientId} />
      )}
      <TextField
        label={users.username}
        hint={asked.is_taken ? text.taken : users.usernameHint}
        required
        pattern="[a-z0-9][a-z0-9._\-]{1,63}"
        value={username}
        onChange={(value) => setUsername(value.trim())}
      />
    </FormModal>
  );
}
