import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addProvider, type Provider, updateProvider } from '../../../contract/identity-providers.ts';
import { call } from '../../api.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { strings } from '../../strings/strings.ts';
import { Field, INPUT_CLASS } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { FormModal } from '../FormModal.tsx';
import { providersQuery } from '../people-queries.ts';
import { GIVEN_ROLES, readRoleMap, writeRoleMap } from './role-map.ts';

const { providers: text, common, roles } = peopleWords;
const ROLE_CHOICES = [['', text.noRole], ...GIVEN_ROLES.map((role) => [role, roles[role]] as const)] as const;

/** A new provider, or what is changed of one. */
export function ProviderDialog({ provider, onClose }: { provider: Provider | undefined; onClose: () => void }) {
  const [typed, setTyped] = useState(() => typedOf(provider));
  const map = readRoleMap(typed.role_map);
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: async () => {
      if ('wrongLine' in map) return;
      const { name, issuer, client_id, role_claim, default_role, links_by_email, provisions, client_secret, is_active } = typed;
      const body = {
        ...{ name: name.trim(), issuer: issuer.trim(), client_id: client_id.trim(), role_claim: role_claim.trim() },
        ...{ links_by_email, provisions, role_map: map.map, default_role: default_role || null },
        ...(client_secret ? { client_secret } : {}),
      };
      if (provider) await call(updateProvider, { params: { id: provider.id }, body: { ...body, is_active } });
      else await call(addProvider, { body });
      onClose();
      await queryClient.invalidateQueries({ queryKey: providersQuery.queryKey });
    },
  });
  return (
    <FormModal title={provider ? text.edit : text.add} action={strings.common.save} wide act={act} onClose={onClose}>
      <TextField label={common.name} required maxLength={100} value={typed.name} onChange={(name) => setTyped({ ...typed, name })} />
      <TextField
        label={text.issuer}
        hint={text.issuerHint}
        required
        type="url"
        dir="ltr"
        value={typed.issuer}
        onChange={(issuer) => setTyped({ ...typed, issuer })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label={text.clientId}
          required
          dir="ltr"
          value={typed.client_id}
          onChange={(client_id) => setTyped({ ...typed, client_id })}
        />
        <TextField
          label={text.clientSecret}
          hint={provider?.has_client_secret ? text.secretKept : common.optional}
          type="password"
          autoComplete="off"
          value={typed.client_secret}
          onChange={(client_secret) => setTyped({ ...typed, client_secret })}
        />
        <TextField
          label={text.roleClaim}
          required
          dir="ltr"
          value={typed.role_claim}
          onChange={(role_claim) => setTyped({ ...typed, role_claim })}
        />
        <Select
          label={text.defaultRole}
          value={typed.default_role}
          choices={ROLE_CHOICES}
          onChange={(default_role) => setTyped({ ...typed, default_role })}
        />
      </div>
      <Field label={text.roleMap} hint={text.roleMapHint} error={'wrongLine' in map ? text.roleMapWrong(map.wrongLine) : undefined}>
        {(control) => (
          <textarea
            {...control}
            dir="ltr"
            rows={3}
            spellCheck={false}
            className={`${INPUT_CLASS} h-auto! py-1.5 font-mono text-sm`}
            value={typed.role_map}
            onChange={(event) => setTyped({ ...typed, role_map: event.target.value })}
          />
        )}
      </Field>
      <Switch label={text.provisions} checked={typed.provisions} onChange={(provisions) => setTyped({ ...typed, provisions })} />
      <Switch
        label={text.linksByEmail}
        checked={typed.links_by_email}
        onChange={(links_by_email) => setTyped({ ...typed, links_by_email })}
      />
      {provider && <Switch label={text.isActive} checked={typed.is_active} onChange={(is_active) => setTyped({ ...typed, is_active })} />}
    </FormModal>
  );
}

function typedOf(provider: Provider | undefined) {
  return {
    name: provider?.name ?? '',
    issuer: provider?.issuer ?? 'https://',
    client_id: provider?.client_id ?? '',
    client_secret: '',
    role_claim: provider?.role_claim ?? 'groups',
    default_role: (provider?.default_role ?? '') as NonNullable<Provider['default_role']> | '',
    role_map: writeRoleMap(provider?.role_map ?? []),
    links_by_email: provider?.links_by_email ?? false,
    provisions: provider?.provisions ?? false,
    is_active: provider?.is_active ?? true,
  };
}
