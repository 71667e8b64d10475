import { ChevronUp } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { ReadingReason } from '../../contract/reading-list.ts';
import { dateTime, decimal, dicomDate } from '../format.ts';
import { reasonText } from '../reason-text.ts';
import { strings } from '../strings/strings.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { cx } from '../ui/cx.ts';
import { duration } from './duration.ts';
import { LevelChip, type LevelProps, LOOKS } from './LevelChip.tsx';

const MINUTE_MS = 60_000;

/** The reasons for a level, at the chip that shows it. */
export function ReasonsPopover(props: LevelProps) {
  const { item, open, onOpenChange } = props;
  const hasAi = item.reasons.some(({ kind }) => kind === 'finding' || kind === 'not_evaluable');
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>
        <LevelChip {...props} onClick={() => {}} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={text.reasons.title}
          className="z-50 w-92 max-w-[calc(100vw-16px)] rounded-md border border-line-strong bg-surface text-text"
          style={{ boxShadow: 'var(--shadow)' }}
        >
          <h2 className="border-b border-line px-3 py-2 font-semibold">{text.reasons.title}</h2>
          {item.reasons.length === 0 && <p className="px-3 py-2 text-muted">{text.reasons.none}</p>}
          <ul className="max-h-80 overflow-y-auto py-1">
            {item.reasons.map((reason) => (
              <Reason key={JSON.stringify(reason)} reason={reason} />
            ))}
          </ul>
          {hasAi && <p className="border-t border-line px-3 py-1.5 text-sm text-muted">{strings.researchUse}</p>}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Reason({ reason }: { reason: ReadingReason }) {
  const { head, detail } = wordsOf(reason);
  const look = reason.level ? LOOKS[reason.level] : undefined;
  const Icon = look?.icon ?? ChevronUp;
  return (
    <li className="flex gap-2 px-3 py-1.5">
      <span className={cx('mt-0.5 flex size-4 shrink-0 items-center justify-center', look?.look ?? 'invisible', 'bg-transparent!')}>
        <Icon aria-hidden size={14} strokeWidth={2.25} />
      </span>
      <span className="min-w-0">
        <bdi className="block">{head}</bdi>
        {detail && <span className="block text-sm text-muted tabular-nums">{detail}</span>}
      </span>
    </li>
  );
}

function wordsOf(reason: ReadingReason): { head: string; detail?: string } {
  switch (reason.kind) {
    case 'order':
      return { head: text.reasons.order[reason.priority] };
    case 'diagnosis':
      return { head: text.reasons.diagnosis[reason.priority] };
    case 'finding': {
      const score = reason.confidence === null ? text.reasons.noScore : text.reasons.score(`${decimal(reason.confidence * 100, 1)} %`);
      const model = [reason.model_id, reason.model_version].filter(Boolean).join(' ');
      const decision = reason.is_confirmed ? text.reasons.confirmed : text.reasons.notConfirmed;
      return { head: reason.title, detail: [model, score, decision].filter(Boolean).join(' \u00b7 ') };
    }
    case 'person':
      return { head: text.reasons.person(reason.by, text.levels[reason.set_level]), detail: dateTime(reason.at) };
    case 'not_evaluable':
      return { head: text.reasons.notEvaluable, ...(reason.reason ? { detail: reasonText(reason.reason) } : {}) };
    case 'follow_up':
      return { head: text.reasons.followUp(dicomDate(reason.due_to)) };
    case 'overdue':
      return { head: text.reasons.overdue(duration(reason.target_minutes * MINUTE_MS)) };
  }
}
