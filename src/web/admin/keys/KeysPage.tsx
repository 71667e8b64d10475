import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ban, Check, KeyRound, TimerOff } from 'lucide-react';
import { useState } from 'react';
import { type ApiKey, revokeApiKey } from '../../../contract/identity-api-keys.ts';
import { call } from '../../api.ts';
import { decimal } from '../../format.ts';
import { useRights } from '../../rights.ts';
import { adminWords } from '../../strings/admin/words.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { showToast } from '../../ui/toast.ts';
import { FormModal } from '../FormModal.tsx';
import { apiKeysQuery } from '../people-queries.ts';
import { When } from '../When.tsx';
import { AddKeyDialog } from './AddKeyDialog.tsx';

const { keys: text, common, roles } = peopleWords;

/** Keys of machines, the newest first. */
export function KeysPage() {
  const keys = useQuery(apiKeysQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [ending, setEnding] = useState<ApiKey>();
  const mayChange = useRights()?.('api-key:write') ?? false;
  const title = adminWords.places.keys;
  const add = (
    <Button look="primary" onClick={() => setIsAdding(true)}>
      {text.add}
    </Button>
  );
  return (
    <>
      <PageHeader title={title} lead={text.lead} actions={mayChange && add} />
      <ScrollArea label={title}>
        <DataTable
          caption={title}
          columns={columnsFor(mayChange ? setEnding : undefined)}
          rows={keys.data?.items}
          rowKey={({ id }) => id}
          error={keys.error}
          onRetry={() => void keys.refetch()}
          empty={<EmptyState icon={KeyRound} title={text.none} detail={text.noneDetail} />}
        />
      </ScrollArea>
      {isAdding && <AddKeyDialog onClose={() => setIsAdding(false)} />}
      {ending && <EndKeyDialog apiKey={ending} onClose={() => setEnding(undefined)} />}
    </>
  );
}

function EndKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => call(revokeApiKey, { params: { id: apiKey.id } }),
    onSuccess: async () => {
      onClose();
      showToast({ text: text.isEnded });
      await queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    },
  });
  return (
    <FormModal title={text.endTitle} lead={text.endDetail} action={common.end} isDanger act={act} onClose={onClose}>
      <p className="font-medium">
        <bdi>{apiKey.name}</bdi> <code className="font-normal text-muted">{apiKey.prefix}</code>
      </p>
    </FormModal>
  );
}

function columnsFor(onEnd: ((key: ApiKey) => void) | undefined): Column<ApiKey>[] {
  return [
    {
      key: 'name',
      title: common.name,
      sortBy: ({ name }) => name,
      cell: ({ name, prefix }) => (
        <span title={name}>
          <bdi className="font-medium">{name}</bdi> <code className="text-sm text-faint">{prefix}</code>
        </span>
      ),
    },
    { key: 'role', title: common.role, width: '8rem', cell: ({ role }) => roles[role] },
    { key: 'scopes', title: text.scopes, width: '9rem', cell: ({ permissions }) => <Scopes permissions={permissions} /> },
    {
      key: 'rate',
      title: text.rate,
      width: '8rem',
      align: 'end',
      hideBelow: 'xl',
      cell: ({ requests_per_hour }) => (requests_per_hour === null ? '\u2013' : decimal(requests_per_hour)),
    },
    {
      key: 'last',
      title: common.lastUse,
      width: '10.5rem',
      sortBy: ({ last_used_at }) => last_used_at,
      cell: ({ last_used_at }) => <When at={last_used_at} otherwise={common.never} />,
    },
    {
      key: 'expires',
      title: common.expires,
      width: '10.5rem',
      hideBelow: 'lg',
      cell: ({ expires_at }) => <When at={expires_at} otherwise={common.never} />,
    },
    { key: 'state', title: common.state, width: '7rem', cell: (key) => <KeyState apiKey={key} /> },
    ...(onEnd
      ? [
          {
            key: 'end',
            title: '',
            width: '5rem',
            align: 'end' as const,
            cell: (key: ApiKey) =>
              key.revoked_at === null && (
                <Button look="quiet" aria-label={`${common.end}: ${key.name}`} onClick={() => onEnd(key)}>
                  {common.end}
                </Button>
              ),
          },
        ]
      : []),
  ];
}

function Scopes({ permissions }: Pick<ApiKey, 'permissions'>) {
  if (permissions === null) return <span className="text-muted">{text.allScopes}</span>;
  const [first, ...others] = permissions;
  return (
    <span dir="ltr" title={permissions.join(', ')}>
      <code>{first}</code>
      {others.length > 0 && <span className="text-muted"> +{others.length}</span>}
    </span>
  );
}

function KeyState({ apiKey: { revoked_at, expires_at } }: { apiKey: ApiKey }) {
  if (revoked_at !== null) return <Badge icon={Ban}>{common.ended}</Badge>;
  if (expires_at !== null && Date.parse(expires_at) <= Date.now())
    return (
      <Badge tone="attention" icon={TimerOff}>
        {common.expired}
      </Badge>
    );
  return <Badge icon={Check}>{common.active}</Badge>;
}
