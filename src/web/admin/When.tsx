import { dateTime } from '../format.ts';

/** An instant in a table; a word where there is none. */
export function When({ at, otherwise = '' }: { at: string | null; otherwise?: string }) {
  return <span className="text-muted tabular-nums">{at === null ? otherwise : dateTime(at)}</span>;
}
