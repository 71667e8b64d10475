import { useQuery } from '@tanstack/react-query';
import { Building2, Check, CirclePause, Ellipsis, Pencil, Play } from 'lucide-react';
import { useState } from 'react';
import { type Tenant, updateTenant } from '../../../contract/identity-tenants.ts';
import { call } from '../../api.ts';
import { useRights } from '../../rights.ts';
import { adminWords } from '../../strings/admin/words.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { tenantsQuery } from '../people-queries.ts';
import { useAct } from '../use-act.ts';
import { When } from '../When.tsx';
import { AddTenantDialog, EditTenantDialog } from './TenantDialogs.tsx';

const { tenants: text, common } = peopleWords;

const COLUMNS: readonly Column<Tenant>[] = [
  {
    key: 'name',
    title: common.name,
    sortBy: ({ name }) => name,
    cell: ({ name }) => <bdi className="font-medium">{name}</bdi>,
  },
  { key: 'id', title: text.id, width: '14rem', sortBy: ({ id }) => id, cell: ({ id }) => <bdi className="text-muted">{id}</bdi> },
  {
    key: 'ae_title',
    title: text.aeTitle,
    width: '11rem',
    cell: ({ ae_title }) => <bdi className="text-muted">{ae_title ?? text.configured}</bdi>,
  },
  {
    key: 'state',
    title: common.state,
    width: '9rem',
    cell: ({ is_active }) =>
      is_active ? (
        <Badge icon={Check}>{common.active}</Badge>
      ) : (
        <Badge tone="attention" icon={CirclePause}>
          {text.suspended}
        </Badge>
      ),
  },
  {
    key: 'created',
    title: common.created,
    width: '12rem',
    hideBelow: 'lg',
    sortBy: ({ created_at }) => created_at,
    cell: ({ created_at }) => <When at={created_at} />,
  },
];

/** The tenants of the installation, for its operators. */
export function TenantsPage() {
  const tenants = useQuery(tenantsQuery);
  const [isAdding, setIsAdding] = useState(false);
  const mayChange = useRights()?.('tenant:write') ?? false;
  const title = adminWords.places.tenants;
  return (
    <>
      <PageHeader
        title={title}
        lead={text.lead}
        actions={
          mayChange && (
            <Button look="primary" onClick={() => setIsAdding(true)}>
              {text.add}
            </Button>
          )
        }
      />
      <ScrollArea label={title}>
        <DataTable
          caption={title}
          columns={[
            ...COLUMNS,
            ...(mayChange
              ? [
                  {
                    key: 'acts',
                    title: '',
                    width: '4rem',
                    align: 'end' as const,
                    cell: (tenant: Tenant) => <Acts tenant={tenant} />,
                  },
                ]
              : []),
          ]}
          rows={tenants.data?.items}
          rowKey={({ id }) => id}
          error={tenants.error}
          onRetry={() => void tenants.refetch()}
          empty={<EmptyState icon={Building2} title={text.none} detail={text.lead} />}
        />
      </ScrollArea>
      {isAdding && <AddTenantDialog onClose={() => setIsAdding(false)} />}
    </>
  );
}

function Acts({ tenant }: { tenant: Tenant }) {
  const { id, name, is_active } = tenant;
  const [isEditing, setIsEditing] = useState(false);
  const refreshes = [tenantsQuery.queryKey];
  const setActive = (active: boolean) => call(updateTenant, { params: { id }, body: { is_active: active } });
  const resume = useAct({ run: () => setActive(true), refreshes, said: () => text.isResumed(name) });
  const suspend = useAct({ run: () => setActive(false), refreshes, said: () => text.isSuspended(name), undo: () => resume.mutate() });
  return (
    <>
      <Menu
        trigger={<IconButton icon={Ellipsis} label={common.actions(name)} />}
        items={[
          { title: text.rename, icon: Pencil, onSelect: () => setIsEditing(true) },
          is_active
            ? { title: text.suspend, icon: CirclePause, isDanger: true, onSelect: () => suspend.mutate() }
            : { title: text.resume, icon: Play, onSelect: () => resume.mutate() },
        ]}
      />
      {isEditing && <EditTenantDialog tenant={tenant} onClose={() => setIsEditing(false)} />}
    </>
  );
}
