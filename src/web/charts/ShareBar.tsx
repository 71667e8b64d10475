type ShareBarProps = {
  /** 0 to 1. */
  share: number;
  /** `attention` and `critical` only where a word or sign beside it says the same. */
  tone?: 'neutral' | 'attention' | 'critical';
};
const FILL = { neutral: 'bg-line-strong', attention: 'bg-attention', critical: 'bg-critical' } as const;

/** How much of a whole, beside the number that says it. */
export function ShareBar({ share, tone = 'neutral' }: ShareBarProps) {
  return (
    <span aria-hidden className="block h-1.5 w-full overflow-hidden rounded-sm bg-hover">
      <span className={`block h-full ${FILL[tone]}`} style={{ width: `${Math.round(1_000 * Math.min(1, Math.max(0, share))) / 10}%` }} />
    </span>
  );
}
