import { BookOpen } from 'lucide-react';
import { cx } from '../ui/cx.ts';

/** A person by initials; the name is told in words. `isReading`: has the study open now. */
export function Avatar({
  name,
  label,
  isReading = false,
  isSelf = false,
}: {
  name: string;
  label: string;
  isReading?: boolean;
  isSelf?: boolean;
}) {
  return (
    <span className="inline-flex max-w-full items-center gap-1.5" title={label}>
      <span
        aria-hidden
        className={cx(
          'inline-flex size-5.5 shrink-0 items-center justify-center rounded-full text-xs font-semibold',
          isSelf ? 'bg-strong text-on-strong' : 'bg-hover text-text',
        )}
      >
        {initials(name)}
      </span>
      {isReading && <BookOpen aria-hidden size={13} className="shrink-0 text-attention" />}
      <span className="sr-only">{label}</span>
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word) && !word.endsWith('.'));
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return `${[...first][0] ?? '?'}${[...last][0] ?? ''}`.toUpperCase();
}
