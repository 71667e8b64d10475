import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addApiKey, KEY_ROLES, type KeyRole } from '../../../contract/identity-api-keys.ts';
import { GRANTS, type GrantedPermission, PERMISSIONS } from '../../../contract/permission.ts';
import { call } from '../../api.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { FormModal } from '../FormModal.tsx';
import { apiKeysQuery } from '../people-queries.ts';
import { ShownOnce } from '../ShownOnce.tsx';

const { keys: text, common, roles } = peopleWords;
const KEY_ROLE_CHOICES = KEY_ROLES.map((role) => [role, roles[role]] as const);
const EMPTY = { name: '', role: 'service' as KeyRole, rate: '', lastDay: '' };

/** Makes a key and shows it once. */
export function AddKeyDialog({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState(EMPTY);
  const [scopes, setScopes] = useState<readonly GrantedPermission[]>([]);
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () =>
      call(addApiKey, {
        body: {
          name: typed.name.trim(),
          role: typed.role,
          ...(scopes.length > 0 ? { permissions: [...scopes] } : {}),
          ...(typed.rate ? { requests_per_hour: Number(typed.rate) } : {}),
          ...(typed.lastDay ? { expires_at: endOf(typed.lastDay) } : {}),
        },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
  if (act.data)
    return <ShownOnce title={text.made} value={act.data.key} hint={text.how} expiresAt={act.data.expires_at} onClose={onClose} />;
  const granted = PERMISSIONS.filter((permission) => GRANTS[typed.role][permission] !== undefined);
  return (
    <FormModal title={text.add} action={text.add} wide act={act} onClose={onClose}>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField label={common.name} required maxLength={100} value={typed.name} onChange={(name) => setTyped({ ...typed, name })} />
        <Select
          label={common.role}
          value={typed.role}
          choices={KEY_ROLE_CHOICES}
          onChange={(role) => {
            setTyped({ ...typed, role });
            setScopes([]);
          }}
        />
        <TextField
          label={text.rate}
          hint={typed.rate ? undefined : text.unlimited}
          type="number"
          min={1}
          max={1_000_000}
          value={typed.rate}
          onChange={(rate) => setTyped({ ...typed, rate })}
        />
        <TextField
          label={text.expiry}
          hint={text.expiryHint}
          type="date"
          value={typed.lastDay}
          onChange={(lastDay) => setTyped({ ...typed, lastDay })}
        />
      </div>
      <fieldset className="flex flex-col gap-1">
        <legend className="pb-1 text-sm font-medium">{text.scopes}</legend>
        <p className="text-sm text-faint">{scopes.length > 0 ? text.someScopes(scopes.length) : text.scopesHint}</p>
        <div dir="ltr" className="grid grid-cols-2 gap-x-4 sm:grid-cols-3">
          {granted.map((permission) => (
            <Checkbox
              key={permission}
              checked={scopes.includes(permission)}
              onChange={(isChosen) => setScopes(isChosen ? [...scopes, permission] : scopes.filter((other) => other !== permission))}
            >
              <code className="text-sm">{permission}</code>
            </Checkbox>
          ))}
        </div>
      </fieldset>
    </FormModal>
  );
}

/** The end of a day, where one is. */
function endOf(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}
