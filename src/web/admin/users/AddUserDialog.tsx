import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addUser, type TenantRole } from '../../../contract/identity-users.ts';
import { call } from '../../api.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { strings } from '../../strings/strings.ts';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { FormModal } from '../FormModal.tsx';
import { ROLE_CHOICES } from './roles.ts';
import { USERS } from './user-queries.ts';

const { users: text, common } = peopleWords;
const EMPTY = { username: '', full_name: '', role: 'radiologist' as TenantRole, password: '', patient_id: '' };

/** Makes an account with a first password. */
export function AddUserDialog({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState(EMPTY);
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => {
      const { patient_id, ...rest } = typed;
      const of = typed.role === 'patient' ? { patient_id: patient_id.trim() } : {};
      return call(addUser, { body: { ...rest, full_name: typed.full_name.trim(), ...of } });
    },
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: USERS });
    },
  });
  return (
    <FormModal title={text.add} lead={text.addLead} action={text.add} act={act} onClose={onClose}>
      <TextField
        label={text.username}
        hint={text.usernameHint}
        required
        pattern="[a-z0-9][a-z0-9._\-]{1,63}"
        title={text.usernameHint}
        spellCheck={false}
        value={typed.username}
        onChange={(username) => setTyped({ ...typed, username: username.trim() })}
      />
      <TextField
        label={text.fullName}
        required
        maxLength={200}
        value={typed.full_name}
        onChange={(full_name) => setTyped({ ...typed, full_name })}
      />
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
        label={text.password}
        hint={strings.setup.passwordHint}
        type="password"
        autoComplete="new-password"
        required
        minLength={12}
        maxLength={256}
        value={typed.password}
        onChange={(password) => setTyped({ ...typed, password })}
      />
    </FormModal>
  );
}
