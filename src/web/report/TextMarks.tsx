import type { Statement } from '../../contract/reports.ts';
import { cx } from '../ui/cx.ts';

type Range = { start: number; end: number };
type TextMarksProps = { text: string; statements: readonly Statement[]; selectedId: string | null; troubled: readonly Range[] };

/** Draws, under a text field with the same letters, what of its text comes from where. */
export function TextMarks({ text, statements, selectedId, troubled }: TextMarksProps) {
  const borders = [...new Set([0, text.length, ...[...statements, ...troubled].flatMap(({ start, end }) => [start, end])])]
    .filter((place) => place <= text.length)
    .toSorted((a, b) => a - b);
  return (
    <>
      {borders.slice(0, -1).map((start, index) => {
        const end = borders[index + 1] ?? start;
        const statement = statements.find((one) => one.start <= start && end <= one.end);
        const isTroubled = troubled.some((one) => one.start <= start && end <= one.end);
        return (
          <span
            key={start}
            className={cx(
              statement && 'rounded-sm',
              statement?.state === 'unreviewed' && 'bg-ai-soft shadow-[inset_0_-2px_0_var(--ai)]',
              statement && statement.state !== 'unreviewed' && 'shadow-[inset_0_-1px_0_var(--line-strong)]',
              statement?.finding_id && statement.finding_id === selectedId && 'bg-hover outline outline-1 outline-line-strong',
              isTroubled && 'underline decoration-attention decoration-wavy underline-offset-2',
            )}
          >
            {text.slice(start, end)}
          </span>
        );
      })}
      {/* A last line break takes room only with something behind it. */}
      {'\u200b'}
    </>
  );
}
