import { ChevronsUp, CircleAlert, type LucideIcon, Minus, TrendingDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import type { ReadingItem, ReadingLevel } from '../../contract/reading-list.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { cx } from '../ui/cx.ts';

/** Of a level: its sign and its colors. */
export const LOOKS: Record<ReadingLevel, { icon: LucideIcon; look: string }> = {
  critical: { icon: CircleAlert, look: 'bg-critical-soft text-critical font-semibold' },
  urgent: { icon: ChevronsUp, look: 'bg-attention-soft text-attention font-semibold' },
  routine: { icon: Minus, look: 'text-muted' },
  low: { icon: TrendingDown, look: 'text-faint' },
};

export type LevelProps = { item: ReadingItem; open: boolean; onOpenChange: (open: boolean) => void };
type LevelChipProps = LevelProps & ComponentProps<'button'>;

/** What is seen of it in the list; with `ReasonsPopover`, what that opens at. */
export function LevelChip({ item, open, onOpenChange, className, ...rest }: LevelChipProps) {
  const { icon: Icon, look } = LOOKS[item.level];
  const level = text.levels[item.level];
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={text.reasons.show(level)}
      aria-haspopup="dialog"
      aria-expanded={open}
      onClick={() => onOpenChange(true)}
      {...rest}
      className={cx('relative z-1 md:-mx-1 inline-flex h-6 items-center gap-1 rounded-sm px-1.5 text-sm hover:bg-hover', look, className)}
    >
      <Icon aria-hidden size={13} strokeWidth={2.25} />
      {level}
    </button>
  );
}
