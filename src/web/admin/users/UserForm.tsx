import { type FormEvent, useState } from 'react';
import { type TenantRole, type User, updateUser } from '../../../contract/identity-users.ts';
import { call } from '../../api.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { strings } from '../../strings/strings.ts';
import { Button } from '../../ui/Button.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useAct } from '../use-act.ts';
import { ROLE_CHOICES } from './roles.ts';
import { USERS } from './user-queries.ts';

const { users: text, common } = peopleWords;
const DETAILS = [
  ['specialization', text.specialization],
  ['license_number', text.license],
  ['hospital', text.hospital],
  ['phone', text.phone],
] as const;

/** What an administrator may change of an account. */
export function UserForm({ user, readOnly }: { user: User; readOnly: boolean }) {
  const [typed, setTyped] = useState(() => ({
    full_name: user.full_name,
    // An account belongs to a tenant, and so does its role.
    role: user.role as TenantRole,
    email: user.email ?? '',
    patient_id: user.patient_id ?? '',
    ...Object.fromEntries(DETAILS.map(([name]) => [name, user.profile[name] ?? ''])),
  }));
  const details = typed as typeof typed & Record<(typeof DETAILS)[number][0], string>;
  const save = useAct({
    run: () =>
      call(updateUser, {
        params: { id: user.id },
        body: {
          full_name: typed.full_name.trim(),
          role: typed.role,
          email: typed.email.trim() || null,
          patient_id: (typed.role === 'patient' && typed.patient_id.trim()) || null,
          profile: Object.fromEntries(DETAILS.map(([name]) => [name, details[name].trim() || null])),
        },
      }),
    refreshes: [USERS],
    said: () => text.saved,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="grid grid-cols-2 gap-3" onSubmit={submit}>
      <div className="col-span-2">
        <TextField
          label={text.fullName}
          required
          maxLength={200}
          readOnly={readOnly}
          value={typed.full_name}
          onChange={(full_name) => setTyped({ ...typed, full_name })}
        />
      </div>
      <Select
        label={common.role}
        value={typed.role}
        disabled={readOnly}
        choices={ROLE_CHOICES}
        onChange={(role) => setTyped({ ...typed, role })}
      />
      <TextField
        label={text.email}
        type="email"
        readOnly={readOnly}
        value={typed.email}
        onChange={(email) => setTyped({ ...typed, email })}
      />
      {typed.role === 'patient' && (
        <div className="col-span-2">
          <TextField
            label={text.patient}
            hint={text.patientHint}
            required
            readOnly={readOnly}
            value={typed.patient_id}
            onChange={(patient_id) => setTyped({ ...typed, patient_id })}
          />
        </div>
      )}
      {DETAILS.map(([name, label]) => (
        <TextField
          key={name}
          label={label}
          maxLength={name === 'phone' ? 50 : 100}
          readOnly={readOnly}
          value={details[name]}
          onChange={(value) => setTyped({ ...typed, [name]: value })}
        />
      ))}
      {!readOnly && (
        <Button type="submit" look="primary" className="col-span-2 justify-self-start" busy={save.isPending}>
          {strings.common.save}
        </Button>
      )}
    </form>
  );
}
