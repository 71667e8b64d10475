import { viewerWords as text } from '../strings/viewer/words.ts';
import { cx } from '../ui/cx.ts';
import { useSeriesDrop } from './series-drag.ts';

type EmptyCellProps = { number: number; isActive: boolean; onActivate: () => void; onDropSeries: (stack: number) => void };

/** A cell without a series: takes one by drag, or by a click on it and then on a series. */
export function EmptyCell({ number, isActive, onActivate, onDropSeries }: EmptyCellProps) {
  const drop = useSeriesDrop(onDropSeries);
  return (
    <section
      data-theme="dark"
      aria-label={text.cell(number)}
      aria-current={isActive}
      className={cx(
        'flex min-h-0 min-w-0 bg-black text-muted outline outline-offset-[-1px]',
        isActive ? 'outline-control' : 'outline-line',
      )}
      onPointerDown={onActivate}
      {...drop}
    >
      <p className="m-auto p-4 text-center">{text.emptyCell}</p>
    </section>
  );
}
