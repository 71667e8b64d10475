import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FlaskConical, Plus, X } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { changeRoutingRule, createRoutingRule, type RoutingRule } from '../../../contract/routing.ts';
import { call } from '../../api.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { strings } from '../../strings/strings.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Drawer } from '../../ui/Drawer.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { showToast } from '../../ui/toast.ts';
import { routingRulesQuery } from '../operations-queries.ts';
import { ActionFields } from './ActionFields.tsx';
import { draftOf, EMPTY_ACTION, type RuleDraft, ruleOf } from './rule-draft.ts';
import { TestDrawer } from './TestDrawer.tsx';

const text = operationsWords.routing;
const LISTS = ['modalities', 'body_parts', 'sender_ae_titles', 'labels'] as const;

type RuleDrawerProps = { rule?: RoutingRule; position: number; onClose: () => void };

/** What a rule asks and does, as a form; it can be tried before it is kept. */
export function RuleDrawer({ rule, position, onClose }: RuleDrawerProps) {
  const form = useId();
  const [draft, setDraft] = useState<RuleDraft>(() => draftOf(rule));
  const [isTesting, setIsTesting] = useState(false);
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => {
      const body = ruleOf(draft, rule);
      return rule ? call(changeRoutingRule, { params: { id: rule.id }, body }) : call(createRoutingRule, { body: { ...body, position } });
    },
    onSuccess: async ({ name }) => {
      onClose();
      showToast({ text: text.saved(name) });
      await queryClient.invalidateQueries({ queryKey: routingRulesQuery.queryKey });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    act.mutate();
  };
  const set = (change: Partial<RuleDraft>): void => setDraft({ ...draft, ...change });
  return (
    <Drawer
      open
      onOpenChange={onClose}
      wide
      title={rule ? text.edit(rule.name) : text.add}
      lead={text.editLead}
      footer={
        <>
          <Button icon={FlaskConical} className="me-auto" onClick={() => setIsTesting(true)}>
            {text.testThis}
          </Button>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" form={form} look="primary" busy={act.isPending}>
            {strings.common.save}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField label={text.name} required maxLength={100} value={draft.name} onChange={(name) => set({ name })} />
          <Select label={text.occasion} value={draft.occasion} choices={text.occasions} onChange={(occasion) => set({ occasion })} />
        </div>
        <fieldset className="flex flex-col gap-3 border-t border-line pt-3">
          <legend className="float-start w-full text-lg font-semibold">{text.conditions}</legend>
          <p className="clear-both text-muted">{text.conditionsLead}</p>
          <div className="grid gap-3 sm:grid-cols-2">
            {LISTS.map((key) => (
              <TextField
                key={key}
                label={text.fields[key]}
                placeholder={text.examples[key]}
                value={draft[key]}
                onChange={(value) => set({ [key]: value })}
              />
            ))}
            <TextField
              label={text.min}
              type="number"
              min={1}
              value={draft.min_instances}
              onChange={(min_instances) => set({ min_instances })}
            />
            <TextField
              label={text.max}
              type="number"
              min={1}
              value={draft.max_instances}
              onChange={(max_instances) => set({ max_instances })}
            />
          </div>
          <Attributes attributes={draft.attributes} onChange={(attributes) => set({ attributes })} />
        </fieldset>
        <fieldset className="flex flex-col gap-3 border-t border-line pt-3">
          <legend className="float-start w-full text-lg font-semibold">{text.actions}</legend>
          <ul className="clear-both flex flex-col gap-3">
            {draft.actions.map((action, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the place is what an action has; two may say the same
              <li key={index}>
                <ActionFields
                  action={action}
                  number={index + 1}
                  occasion={draft.occasion}
                  onChange={(changed) => set({ actions: draft.actions.with(index, changed) })}
                  onRemove={draft.actions.length > 1 ? () => set({ actions: draft.actions.toSpliced(index, 1) }) : undefined}
                />
              </li>
            ))}
          </ul>
          <div>
            <Button icon={Plus} onClick={() => set({ actions: [...draft.actions, EMPTY_ACTION] })}>
              {text.addAction}
            </Button>
          </div>
        </fieldset>
        {act.isError && <ProblemNote error={act.error} />}
      </form>
      {isTesting && <TestDrawer draft={ruleOf(draft, rule)} onClose={() => setIsTesting(false)} />}
    </Drawer>
  );
}

type AttributesProps = { attributes: RuleDraft['attributes']; onChange: (attributes: RuleDraft['attributes']) => void };

function Attributes({ attributes, onChange }: AttributesProps) {
  return (
    <>
      {attributes.map((held, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is what a condition has; it is typed over
        <div key={index} className="grid grid-cols-[1fr_1fr_auto] items-end gap-2">
          <TextField
            label={text.attribute}
            placeholder="StudyDescription"
            dir="ltr"
            maxLength={64}
            value={held.attribute}
            onChange={(attribute) => onChange(attributes.with(index, { ...held, attribute }))}
          />
          <TextField
            label={text.matches}
            placeholder="*CHEST*"
            dir="ltr"
            maxLength={1_024}
            value={held.matches}
            onChange={(matches) => onChange(attributes.with(index, { ...held, matches }))}
          />
          <IconButton icon={X} label={text.removeAttribute(held.attribute)} onClick={() => onChange(attributes.toSpliced(index, 1))} />
        </div>
      ))}
      <div>
        <Button icon={Plus} onClick={() => onChange([...attributes, { attribute: '', matches: '' }])}>
          {text.addAttribute}
        </Button>
      </div>
    </>
  );
}
