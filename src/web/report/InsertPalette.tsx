import { useQuery } from '@tanstack/react-query';
import { Crosshair, ScanSearch, Siren, Sparkles, TextCursorInput } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import type { Insertion } from '../../contract/report-checks.ts';
import type { ReportMacro } from '../../contract/report-templates.ts';
import type { Report } from '../../contract/reports.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import type { Put } from './editor-dialog.ts';
import { insertionsQuery, macrosQuery } from './report-queries.ts';
import { takeFocus } from './take-focus.ts';

const text = reportWords.palette;
const ICONS = { finding: ScanSearch, measurement: Crosshair, 'critical-result': Siren, macro: TextCursorInput } as const;

type Entry = { key: string; kind: keyof typeof ICONS; label: string; code: string | null; put: Put };
type InsertPaletteProps = { uid: string; report: Report; onPut: (put: Put) => void; onClose: () => void; onManage: () => void };

/** Everything that can be put in at the cursor, found by typing a part of it. */
export function InsertPalette({ uid, report, onPut, onClose, onManage }: InsertPaletteProps) {
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const insertions = useQuery(insertionsQuery(uid, report.id));
  const macros = useQuery(macrosQuery);
  const entries = entriesOf(insertions.data?.items ?? [], macros.data?.items ?? [], report).filter(({ label, code }) =>
    `${code ?? ''} ${label}`.toLowerCase().includes(search.trim().toLowerCase()),
  );
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    onPut(entry.put);
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setActive((before) => Math.min(Math.max(0, before + step), entries.length - 1));
    else if (event.key === 'Enter') choose(entries[active]);
    else return;
    event.preventDefault();
  };
  const error = insertions.error ?? macros.error;
  return (
    <Modal open wide onOpenChange={onClose} title={text.title} footer={<Button onClick={onManage}>{text.manage}</Button>}>
      <input
        ref={takeFocus}
        type="text"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={entries[active] ? `${listId}-${active}` : undefined}
        aria-label={text.search}
        placeholder={text.search}
        dir="auto"
        className={INPUT_CLASS}
        value={search}
        onChange={({ target }) => {
          setSearch(target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      {error && <ProblemNote error={error} />}
      <div id={listId} role="listbox" aria-label={text.title} className="-mx-4 py-2">
        {entries.map((entry, index) => (
          <EntryRow
            key={entry.key}
            id={`${listId}-${index}`}
            entry={entry}
            isActive={index === active}
            onPoint={() => setActive(index)}
            onChoose={() => choose(entry)}
          />
        ))}
      </div>
      {entries.length === 0 && (
        <p className="pb-4 text-center text-muted">{insertions.isPending || macros.isPending ? strings.common.loading : text.none}</p>
      )}
    </Modal>
  );
}

type EntryRowProps = { id: string; entry: Entry; isActive: boolean; onPoint: () => void; onChoose: () => void };

function EntryRow({ id, entry: { kind, label, code, put }, isActive, onPoint, onChoose }: EntryRowProps) {
  const Icon = ICONS[kind];
  const isGenerated = 'is_generated' in put.insertion && put.insertion.is_generated;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are taken by the combobox that owns the list
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      onPointerMove={onPoint}
      onClick={onChoose}
      className={cx('flex min-h-8 cursor-pointer items-start gap-2 px-4 py-1.5', isActive && 'bg-hover')}
    >
      <Icon aria-hidden size={15} className="mt-0.5 shrink-0 text-muted" />
      <span className="flex min-w-0 grow flex-col">
        <span className="text-sm text-muted">
          {text.groups[kind]}
          {code && <kbd className="ms-2">.{code}</kbd>}
        </span>
        <bdi className="line-clamp-3 whitespace-pre-wrap">{label}</bdi>
      </span>
      {isGenerated && (
        <Badge tone="ai" icon={Sparkles}>
          {text.generated}
        </Badge>
      )}
    </div>
  );
}

function entriesOf(insertions: readonly Insertion[], macros: readonly ReportMacro[], report: Report): Entry[] {
  return [
    ...insertions.map((insertion) => ({
      key: `${insertion.kind} ${insertion.id}`,
      kind: insertion.kind,
      label: insertion.text,
      code: null,
      put: { insertion },
    })),
    ...macros
      .filter(({ locale }) => locale === null || locale === report.locale)
      .map((macro) => ({
        key: macro.id,
        kind: 'macro' as const,
        label: macro.text,
        code: macro.code,
        put: { insertion: { text: macro.text } },
      })),
  ];
}
