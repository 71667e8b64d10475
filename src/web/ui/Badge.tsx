import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export type Tone = 'neutral' | 'ai' | 'accepted' | 'attention' | 'critical';

const SOFT: Record<Tone, string> = {
  neutral: 'bg-raised text-muted',
  ai: 'bg-ai-soft text-ai',
  accepted: 'bg-accepted-soft text-accepted',
  attention: 'bg-attention-soft text-attention',
  critical: 'bg-critical-soft text-critical',
};
export const TONE_TEXT: Record<Tone, string> = {
  neutral: 'text-muted',
  ai: 'text-ai',
  accepted: 'text-accepted',
  attention: 'text-attention',
  critical: 'text-critical',
};

type BadgeProps = { tone?: Tone; icon?: LucideIcon; spin?: boolean; title?: string; children: ReactNode };

/** A short state in words, with its icon: the color is never the only sign. */
export function Badge({ tone = 'neutral', icon: Icon, spin = false, title, children }: BadgeProps) {
  return (
    <span
      title={title}
      className={cx('inline-flex h-5 items-center align-middle gap-1 whitespace-nowrap rounded-sm px-1.5 text-sm font-medium', SOFT[tone])}
    >
      {Icon && <Icon aria-hidden size={12} strokeWidth={2.25} className={spin ? 'animate-spin' : ''} />}
      {children}
    </span>
  );
}
