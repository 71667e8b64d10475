import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addTenant, type Tenant, updateTenant } from '../../../contract/identity-tenants.ts';
import { call } from '../../api.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { strings } from '../../strings/strings.ts';
import { TextField } from '../../ui/TextField.tsx';
import { FormModal } from '../FormModal.tsx';
import { tenantsQuery } from '../people-queries.ts';
import { ShownOnce } from '../ShownOnce.tsx';

const { tenants: text, common } = peopleWords;

/** Makes a tenant and shows the link for its first administrator once. */
export function AddTenantDialog({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState({ id: '', name: '', ae_title: '' });
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => {
      const { id, name, ae_title } = typed;
      return call(addTenant, { body: { id, name: name.trim(), ...(ae_title.trim() ? { ae_title: ae_title.trim() } : {}) } });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tenantsQuery.queryKey }),
  });
  if (act.data) {
    const { url, expires_at } = act.data.administrator;
    return <ShownOnce title={text.made} value={url} expiresAt={expires_at} onClose={onClose} />;
  }
  return (
    <FormModal title={text.add} lead={text.addLead} action={text.add} act={act} onClose={onClose}>
      <TextField label={common.name} required maxLength={200} value={typed.name} onChange={(name) => setTyped({ ...typed, name })} />
      <TextField
        label={text.id}
        hint={text.idHint}
        required
        pattern="[a-z0-9](?:[a-z0-9\-]{0,38}[a-z0-9])?"
        title={text.idHint}
        dir="ltr"
        spellCheck={false}
        value={typed.id}
        onChange={(id) => setTyped({ ...typed, id: id.trim() })}
      />
      <AeTitle value={typed.ae_title} onChange={(ae_title) => setTyped({ ...typed, ae_title })} />
    </FormModal>
  );
}

export function EditTenantDialog({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const [name, setName] = useState(tenant.name);
  const [aeTitle, setAeTitle] = useState(tenant.ae_title ?? '');
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => call(updateTenant, { params: { id: tenant.id }, body: { name: name.trim(), ae_title: aeTitle.trim() || null } }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: tenantsQuery.queryKey });
    },
  });
  return (
    <FormModal title={tenant.name} action={strings.common.save} act={act} onClose={onClose}>
      <TextField label={common.name} required maxLength={200} value={name} onChange={setName} />
      <AeTitle value={aeTitle} onChange={setAeTitle} />
    </FormModal>
  );
}

function AeTitle({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <TextField label={text.aeTitle} hint={text.aeHint} maxLength={16} dir="ltr" spellCheck={false} value={value} onChange={onChange} />
  );
}
