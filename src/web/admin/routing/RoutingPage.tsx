import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, FlaskConical, Pencil, Route, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { changeRoutingRule, createRoutingRule, type RoutingRule, removeRoutingRule } from '../../../contract/routing.ts';
import { call } from '../../api.ts';
import { useRights } from '../../rights.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import { Switch } from '../../ui/Switch.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { peersQuery, routingRulesQuery } from '../operations-queries.ts';
import { useAct } from '../use-act.ts';
import { RuleDrawer } from './RuleDrawer.tsx';
import { actionText, conditionTexts } from './rule-words.ts';
import { TestDrawer } from './TestDrawer.tsx';

const text = operationsWords.routing;

/** Rules for studies that arrive, in the order in which they are tried. */
export function RoutingPage() {
  const rules = useQuery(routingRulesQuery);
  const peers = useQuery(peersQuery);
  const [editing, setEditing] = useState<RoutingRule | 'new'>();
  const [isTesting, setIsTesting] = useState(false);
  const mayWrite = useRights()?.('routing:write') ?? false;
  const items = rules.data?.items ?? [];
  const acts = useRuleActs(items);
  const add = (
    <Button look="primary" onClick={() => setEditing('new')}>
      {text.add}
    </Button>
  );
  const titleOf = (id: string): string => peers.data?.items.find((peer) => peer.id === id)?.ae_title ?? text.unknownPeer;
  return (
    <>
      <PageHeader
        title={operationsWords.places.routing}
        lead={text.lead}
        actions={
          <>
            <Button icon={FlaskConical} onClick={() => setIsTesting(true)}>
              {text.test}
            </Button>
            {mayWrite && add}
          </>
        }
      />
      <ScrollArea label={operationsWords.places.routing}>
        <DataTable
          caption={operationsWords.places.routing}
          columns={[...columnsFor(titleOf), ...(mayWrite ? actColumns({ ...acts, items, onEdit: setEditing }) : [])]}
          rows={rules.data?.items}
          rowKey={({ id }) => id}
          error={rules.error}
          onRetry={() => void rules.refetch()}
          empty={
            <EmptyState icon={Route} title={text.none} detail={text.noneDetail}>
              {mayWrite && add}
            </EmptyState>
          }
        />
      </ScrollArea>
      {editing && (
        <RuleDrawer
          {...(editing === 'new' ? {} : { rule: editing })}
          position={nextPosition(items)}
          onClose={() => setEditing(undefined)}
        />
      )}
      {isTesting && <TestDrawer onClose={() => setIsTesting(false)} />}
    </>
  );
}

type RuleActs = {
  onSwitch: (rule: RoutingRule, is_enabled: boolean) => void;
  onMove: (rule: RoutingRule, by: 1 | -1) => void;
  onRemove: (rule: RoutingRule) => void;
};

function useRuleActs(items: readonly RoutingRule[]): RuleActs {
  const refreshes = [routingRulesQuery.queryKey];
  const change = useAct({
    run: ({ id, ...body }: { id: string; is_enabled: boolean }) => call(changeRoutingRule, { params: { id }, body }),
    refreshes,
  });
  // Positions are given anew, as several rules may share one.
  const order = useAct({
    run: async (ids: readonly string[]) => {
      for (const [position, id] of ids.entries())
        if (items.find((rule) => rule.id === id)?.position !== position)
          await call(changeRoutingRule, { params: { id }, body: { position } });
    },
    refreshes,
    said: () => text.moved,
  });
  const back = useAct({
    run: ({ name, occasion, conditions, actions, position, is_enabled }: RoutingRule) =>
      call(createRoutingRule, { body: { name, occasion, conditions, actions, position, is_enabled } }),
    refreshes,
  });
  const remove = useAct({
    run: ({ id }: RoutingRule) => call(removeRoutingRule, { params: { id } }),
    refreshes,
    said: ({ name }) => text.removed(name),
    undo: (rule) => back.mutate(rule),
  });
  return {
    onSwitch: ({ id }, is_enabled) => change.mutate({ id, is_enabled }),
    onMove: (rule, by) => {
      const ids = items.map(({ id }) => id);
      const from = ids.indexOf(rule.id);
      order.mutate(ids.with(from, ids[from + by] ?? rule.id).with(from + by, rule.id));
    },
    onRemove: (rule) => remove.mutate(rule),
  };
}

function nextPosition(items: readonly RoutingRule[]): number {
  return Math.max(-1, ...items.map(({ position }) => position)) + 1;
}

function columnsFor(titleOf: (peerId: string) => string): Column<RoutingRule>[] {
  return [
    { key: 'name', title: text.name, width: '13rem', cell: ({ name }) => <bdi className="font-medium">{name}</bdi> },
    { key: 'occasion', title: text.occasion, width: '10rem', hideBelow: 'lg', cell: ({ occasion }) => text.occasions[occasion] },
    {
      key: 'conditions',
      title: text.conditions,
      cell: ({ conditions }) => {
        const told = conditionTexts(conditions).join('; ');
        return (
          <bdi className="text-muted" title={told}>
            {told || text.always}
          </bdi>
        );
      },
    },
    {
      key: 'actions',
      title: text.actions,
      cell: ({ actions }) => {
        const told = actions.map((action) => actionText(action, titleOf)).join('; ');
        return <bdi title={told}>{told}</bdi>;
      },
    },
  ];
}

function actColumns({
  items,
  onSwitch,
  onMove,
  onRemove,
  onEdit,
}: RuleActs & { items: readonly RoutingRule[]; onEdit: (rule: RoutingRule) => void }): Column<RoutingRule>[] {
  return [
    {
      key: 'enabled',
      title: text.enabled,
      width: '6.5rem',
      cell: (rule) => (
        <Switch
          label={rule.is_enabled ? text.on : text.off}
          checked={rule.is_enabled}
          onChange={(is_enabled) => onSwitch(rule, is_enabled)}
        />
      ),
    },
    {
      key: 'acts',
      title: '',
      width: '10rem',
      align: 'end',
      cell: (rule) => (
        <span className="-my-1 inline-flex">
          <IconButton icon={ArrowUp} label={text.up(rule.name)} disabled={rule === items[0]} onClick={() => onMove(rule, -1)} />
          <IconButton icon={ArrowDown} label={text.down(rule.name)} disabled={rule === items.at(-1)} onClick={() => onMove(rule, 1)} />
          <IconButton icon={Pencil} label={text.edit(rule.name)} onClick={() => onEdit(rule)} />
          <IconButton icon={Trash2} label={text.remove(rule.name)} onClick={() => onRemove(rule)} />
        </span>
      ),
    },
  ];
}
