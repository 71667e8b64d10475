import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { invite, type TenantRole } from '../../../contract/identity-users.ts';
import { call } from '../../api.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { FormModal } from '../FormModal.tsx';
import { ShownOnce } from '../ShownOnce.tsx';
import { ROLE_CHOICES } from './roles.ts';
import { INVITATIONS } from './user-queries.ts';

const { users: text, common, spans } = peopleWords;
const EMPTY = { role: 'radiologist' as TenantRole, full_name: '', email: '', patient_id: '', hours: '72' as keyof typeof spans };

/** Makes an invitation and shows its link once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState(EMPTY);
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () =>
      call(invite, {
        body: {
          role: typed.role,
          hours: Number(typed.hours),
          ...(typed.full_name.trim() ? { full_name: typed.full_name.trim() } : {}),
          ...(typed.email.trim() ? { email: typed.email.trim() } : {}),
          ...(typed.role === 'patient' ? { patient_id: typed.patient_id.trim() } : {}),
        },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: INVITATIONS }),
  });
  if (act.data) return <ShownOnce title={text.inviteMade} value={act.data.url} expiresAt={act.data.expires_at} onClose={onClose} />;
  return (
    <FormModal title={text.invite} lead={text.inviteLead} action={text.invite} act={act} onClose={onClose}>
      <Select label={common.role} value={typed.role} choices={ROLE_CHOICES} onChange={(role) => setTyped({ ...typed, role })} />
      {typed.role === 'patient' && (
        <TextField
          label={text.patient}
          hint={text.patientHint}
          required
          value={typed.patient_id}
          onChange={(patient_id) => setTyped({ ...typed, patient_id })}
        />
      )}
      <TextField
        label={text.fullName}
        hint={common.optional}
        maxLength={200}
        value={typed.full_name}
        onChange={(full_name) => setTyped({ ...typed, full_name })}
      />
      <TextField
        label={text.email}
        hint={common.optional}
        type="email"
        value={typed.email}
        onChange={(email) => setTyped({ ...typed, email })}
      />
      <Select label={common.hours} value={typed.hours} choices={spans} onChange={(hours) => setTyped({ ...typed, hours })} />
    </FormModal>
  );
}
