import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { RoutingAction, RoutingOccasion } from '../../../contract/routing.ts';
import { modelsQuery } from '../../queries.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { peersQuery } from '../operations-queries.ts';
import type { ActionDraft } from './rule-draft.ts';

const text = operationsWords.routing;
const KINDS = ['forward', 'label', 'deidentify_and_forward', 'models'] as const satisfies readonly RoutingAction['kind'][];
/** What takes the whole study waits until it is there. */
const WHILE_ARRIVING: readonly RoutingAction['kind'][] = ['forward', 'label'];

type ActionFieldsProps = {
  action: ActionDraft;
  number: number;
  occasion: RoutingOccasion;
  onChange: (action: ActionDraft) => void;
  onRemove: (() => void) | undefined;
};

/** One thing that a rule does, with the fields of its kind. */
export function ActionFields({ action, number, occasion, onChange, onRemove }: ActionFieldsProps) {
  const kinds = KINDS.filter((kind) => occasion === 'complete' || WHILE_ARRIVING.includes(kind) || kind === action.kind);
  const set = (change: Partial<ActionDraft>): void => onChange({ ...action, ...change });
  return (
    <fieldset className="rounded-md border border-line p-3">
      <legend className="sr-only">{text.action(number)}</legend>
      <div className="grid grid-cols-[1fr_1fr_auto] items-end gap-2 max-sm:grid-cols-[1fr_auto]">
        <Select
          label={text.does.what}
          value={action.kind}
          choices={kinds.map((kind) => [kind, text.kinds[kind]])}
          onChange={(kind) => set({ kind })}
        />
        <div className="min-w-0 max-sm:order-last max-sm:col-span-2">
          {action.kind === 'label' && (
            <TextField label={text.label} required maxLength={64} value={action.label} onChange={(label) => set({ label })} />
          )}
          {(action.kind === 'forward' || action.kind === 'deidentify_and_forward') && <PeerChoice action={action} set={set} />}
        </div>
        {onRemove ? <IconButton icon={X} label={text.removeAction(number)} onClick={onRemove} /> : <span />}
      </div>
      {action.kind === 'forward' && (
        <div className="pt-3">
          <Checkbox checked={action.commitment} onChange={(commitment) => set({ commitment })}>
            {text.commitment}
          </Checkbox>
        </div>
      )}
      {action.kind === 'models' && <Models chosen={action.model_ids} onChange={(model_ids) => set({ model_ids })} />}
    </fieldset>
  );
}

function PeerChoice({ action, set }: { action: ActionDraft; set: (change: Partial<ActionDraft>) => void }) {
  const { data } = useQuery(peersQuery);
  const peers = data?.items ?? [];
  const choices = [['', text.choosePeer] as const, ...peers.map(({ id, ae_title }) => [id, ae_title] as const)];
  return (
    <Select
      label={text.to}
      value={action.peer_id}
      choices={choices}
      onChange={(peer_id) => set({ peer_id })}
      error={data && peers.length === 0 ? text.noPeers : undefined}
    />
  );
}

function Models({ chosen, onChange }: { chosen: readonly string[]; onChange: (ids: readonly string[]) => void }) {
  const { data } = useQuery(modelsQuery);
  return (
    <div className="flex flex-col gap-2 pt-3">
      {data?.items.map(({ card: { id, title } }) => (
        <Checkbox
          key={id}
          checked={chosen.includes(id)}
          onChange={(checked) => onChange(checked ? [...chosen, id] : chosen.filter((other) => other !== id))}
        >
          {title}
        </Checkbox>
      ))}
      <p className="text-sm text-faint">{text.modelsHint}</p>
    </div>
  );
}
