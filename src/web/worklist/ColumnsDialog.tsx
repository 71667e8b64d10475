import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Modal } from '../ui/Modal.tsx';
import { COLUMN_NAMES, type ColumnName, USUAL_COLUMNS } from './columns.tsx';

export type ColumnsDialogProps = {
  onClose: () => void;
  columns: readonly ColumnName[];
  onChange: (columns: readonly ColumnName[]) => void;
};

/** Which columns, in which order. The patient stays: a row without is nobody's. */
export function ColumnsDialog({ onClose, columns: before, onChange }: ColumnsDialogProps) {
  // Here first: what is kept comes back a moment later, and the next press must not begin from what was before.
  const [columns, setColumns] = useState(before);
  const change = (next: readonly ColumnName[]) => {
    setColumns(next);
    onChange(next);
  };
  const all = [...columns, ...COLUMN_NAMES.filter((name) => !columns.includes(name))];
  const toggle = (name: ColumnName, isShown: boolean) => change(isShown ? [...columns, name] : columns.filter((column) => column !== name));
  const list = useRef<HTMLUListElement>(null);
  const move = (name: ColumnName, by: 1 | -1) => {
    const from = columns.indexOf(name);
    if (from < 0 || from + by < 0 || from + by >= columns.length) return;
    const next = columns.filter((column) => column !== name);
    change([...next.slice(0, from + by), name, ...next.slice(from + by)]);
    // A line that is moved in the page loses the focus.
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-column="${name}"] [role=checkbox], [data-column="${name}"] input`)?.focus(),
    );
  };
  const keys = (name: ColumnName) => (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(name, event.key === 'ArrowUp' ? -1 : 1);
  };
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={text.columns.title}
      lead={text.columns.lead}
      footer={<Button onClick={() => change(USUAL_COLUMNS)}>{text.columns.reset}</Button>}
    >
      <ul ref={list} className="flex flex-col">
        {all.map((name) => {
          const place = columns.indexOf(name);
          return (
            <li key={name} data-column={name} onKeyDown={keys(name)} className="flex h-8 items-center gap-1">
              <Checkbox className="grow" checked={place >= 0} disabled={name === 'patient'} onChange={(isShown) => toggle(name, isShown)}>
                {text.columns[name]}
              </Checkbox>
              <IconButton
                icon={ArrowUp}
                label={text.columns.earlier(text.columns[name])}
                disabled={place <= 0}
                onClick={() => move(name, -1)}
              />
              <IconButton
                icon={ArrowDown}
                label={text.columns.later(text.columns[name])}
                disabled={place < 0 || place === columns.length - 1}
                onClick={() => move(name, 1)}
              />
            </li>
          );
        })}
      </ul>
    </Modal>
  );
}
