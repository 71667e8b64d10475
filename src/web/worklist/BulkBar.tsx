import { useQuery } from '@tanstack/react-query';
import { ListOrdered, Tag as TagIcon, Trash2, UserCheck, UserMinus, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { READING_LEVELS, type ReadingItem } from '../../contract/reading-list.ts';
import { useRights } from '../rights.ts';
import { strings } from '../strings/strings.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Menu } from '../ui/Menu.tsx';
import { Modal } from '../ui/Modal.tsx';
import type { ManyChanges } from './change-many.ts';
import { readersQuery } from './worklist-queries.ts';

/** As the contract has it (`contract/labels.ts`). */
const LABEL = '[a-z0-9][a-z0-9 _.\\-]{0,62}';

export type BulkBarProps = { items: readonly ReadingItem[]; changes: ManyChanges; userId: string | undefined; onClear: () => void };

/** What can be done with all rows that are chosen. */
export function BulkBar({ items, changes, userId, onClear }: BulkBarProps) {
  const may = useRights();
  const canAssign = may?.('report:write') === true;
  const canLabel = may?.('study:label') === true;
  const canRemove = may?.('study:delete') === true;
  const readers = useQuery({ ...readersQuery, enabled: canAssign });
  const [isLabeling, setLabeling] = useState(false);
  const people = readers.data?.items ?? [];
  const self = people.find(({ id }) => id === userId);
  return (
    <section
      aria-label={text.selected(items.length)}
      className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line bg-raised px-4 py-1.5 max-md:px-3"
    >
      <span className="font-medium tabular-nums">{text.selected(items.length)}</span>
      {canAssign && self && (
        <Button icon={UserCheck} onClick={() => void changes.assign(items, self)}>
          {text.assignToMe}
        </Button>
      )}
      {canAssign && (
        <Menu
          align="start"
          trigger={<Button>{text.assign}</Button>}
          items={[
            ...people.map((person) => ({ title: person.full_name, onSelect: () => void changes.assign(items, person) })),
            { title: text.assignToNobody, icon: UserMinus, onSelect: () => void changes.assign(items, null) },
          ]}
        />
      )}
      {canAssign && (
        <Menu
          align="start"
          trigger={<Button icon={ListOrdered}>{text.setPriority}</Button>}
          items={[
            ...READING_LEVELS.map((level) => ({ title: text.levels[level], onSelect: () => void changes.prioritize(items, level) })),
            { title: text.byRules, onSelect: () => void changes.prioritize(items, null) },
          ]}
        />
      )}
      {canLabel && (
        <Button icon={TagIcon} onClick={() => setLabeling(true)}>
          {text.addLabel}
        </Button>
      )}
      {canRemove && (
        <Button icon={Trash2} disabled={changes.progress !== null} onClick={() => void changes.remove(items).then(onClear)}>
          {text.remove}
        </Button>
      )}
      {changes.progress && (
        <span role="status" className="text-muted tabular-nums">
          {text.working(changes.progress.done, changes.progress.total)}
        </span>
      )}
      <IconButton icon={X} label={text.unselect} className="ms-auto" onClick={onClear} />
      {isLabeling && <LabelDialog onClose={() => setLabeling(false)} onLabel={(label) => void changes.label(items, label)} />}
    </section>
  );
}

function LabelDialog({ onClose, onLabel }: { onClose: () => void; onLabel: (label: string) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const label = String(new FormData(event.currentTarget).get('label') ?? '').trim();
    onClose();
    onLabel(label);
  };
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={text.addLabel}
      footer={
        <Button look="primary" type="submit" form="worklist-label">
          {strings.common.save}
        </Button>
      }
    >
      <form id="worklist-label" onSubmit={submit}>
        <Field label={text.label} hint={text.labelHint}>
          {(control) => <input {...control} name="label" required pattern={LABEL} maxLength={63} className={INPUT_CLASS} />}
        </Field>
      </form>
    </Modal>
  );
}
