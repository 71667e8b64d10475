import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, CircleOff, Ellipsis, LogIn, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type Provider, removeProvider } from '../../../contract/identity-providers.ts';
import { call } from '../../api.ts';
import { useRights } from '../../rights.ts';
import { adminWords } from '../../strings/admin/words.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { strings } from '../../strings/strings.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Copyable } from '../../ui/Copyable.tsx';
import { EmptyState, Skeleton } from '../../ui/EmptyState.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { showToast } from '../../ui/toast.ts';
import { FormModal } from '../FormModal.tsx';
import { providersQuery } from '../people-queries.ts';
import { ProviderDialog } from './ProviderDialog.tsx';

const { providers: text, common, roles } = peopleWords;

/** Where people sign in with an account of their hospital. */
export function ProvidersPage() {
  const providers = useQuery(providersQuery);
  const [editing, setEditing] = useState<Provider | 'new'>();
  const mayChange = useRights()?.('user:write') ?? false;
  const title = adminWords.places.providers;
  return (
    <>
      <PageHeader
        title={title}
        lead={text.lead}
        actions={
          mayChange && (
            <Button look="primary" onClick={() => setEditing('new')}>
              {text.add}
            </Button>
          )
        }
      />
      <div className="min-h-0 grow overflow-y-auto px-4 pb-4 max-md:px-3">
        {providers.isPending && <Skeleton rows={4} label={strings.common.loading} />}
        {providers.isError && <ProblemNote error={providers.error} />}
        {providers.data?.items.length === 0 && <EmptyState icon={LogIn} title={text.none} detail={text.noneDetail} />}
        <ul className="flex max-w-200 flex-col gap-3">
          {providers.data?.items.map((provider) => (
            <li key={provider.id} className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
              <ProviderEntry provider={provider} mayChange={mayChange} onEdit={() => setEditing(provider)} />
            </li>
          ))}
        </ul>
      </div>
      {editing && <ProviderDialog provider={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </>
  );
}

type EntryProps = { provider: Provider; mayChange: boolean; onEdit: () => void };

function ProviderEntry({ provider, mayChange, onEdit }: EntryProps) {
  const [isRemoving, setIsRemoving] = useState(false);
  const { name, issuer, client_id, is_active, default_role, redirect_uri } = provider;
  return (
    <>
      <div className="flex items-start gap-3">
        <h2 className="min-w-0 grow pt-1 text-lg font-semibold">
          <bdi>{name}</bdi>
        </h2>
        {is_active ? <Badge icon={Check}>{common.active}</Badge> : <Badge icon={CircleOff}>{text.off}</Badge>}
        {mayChange && (
          <Menu
            trigger={<IconButton icon={Ellipsis} label={common.actions(name)} className="-mt-1" />}
            items={[
              { title: text.edit, icon: Pencil, onSelect: onEdit },
              { title: text.remove, icon: Trash2, isDanger: true, onSelect: () => setIsRemoving(true) },
            ]}
          />
        )}
      </div>
      <dl className="grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1">
        <dt className="text-muted">{text.issuer}</dt>
        <dd dir="ltr" className="text-start break-all">
          {issuer}
        </dd>
        <dt className="text-muted">{text.clientId}</dt>
        <dd dir="ltr" className="text-start break-all">
          {client_id}
        </dd>
        <dt className="text-muted">{text.defaultRole}</dt>
        <dd>{default_role === null ? text.noRole : roles[default_role]}</dd>
      </dl>
      <div className="flex flex-col gap-1">
        <p className="text-sm text-muted">{text.redirect}</p>
        <Copyable label={text.redirect} value={redirect_uri} />
      </div>
      {isRemoving && <RemoveDialog provider={provider} onClose={() => setIsRemoving(false)} />}
    </>
  );
}

function RemoveDialog({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => call(removeProvider, { params: { id: provider.id } }),
    onSuccess: async () => {
      onClose();
      showToast({ text: text.removed });
      await queryClient.invalidateQueries({ queryKey: providersQuery.queryKey });
    },
  });
  return (
    <FormModal
      title={`${text.remove}: ${provider.name}`}
      lead={text.removeDetail}
      action={text.remove}
      isDanger
      act={act}
      onClose={onClose}
    />
  );
}
