import {
  ArrowUpRight,
  Circle,
  Crosshair,
  HeartPulse,
  Link2,
  type LucideIcon,
  MoveDiagonal,
  Spline,
  Square,
  Trash2,
  TriangleRight,
} from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { MeasurementKind } from '../../contract/measurements.ts';
import { measurementWords as text } from '../strings/measurements/words.ts';
import { IconButton } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { figure } from './figures.ts';
import { MeasurementForm } from './MeasurementForm.tsx';
import type { Held } from './merge.ts';
import type { PriorLesion } from './prior-lesion.ts';
import type { Measurements } from './use-measurements.ts';

const ICONS: Readonly<Record<MeasurementKind, LucideIcon>> = {
  length: MoveDiagonal,
  angle: TriangleRight,
  cobb_angle: Spline,
  ellipse: Circle,
  rectangle: Square,
  arrow: ArrowUpRight,
  probe: Crosshair,
  cardiothoracic_ratio: HeartPulse,
};

type MeasurementRowProps = {
  item: Held;
  /** Which slice of its series it is on; null where there is only one. */
  slice: number | null;
  isSelected: boolean;
  measurements: Measurements;
  priorLesions: readonly PriorLesion[];
};

/** One measurement; the chosen one shows all its numbers, and can be renamed. */
export function MeasurementRow({ item, slice, isSelected, measurements, priorLesions }: MeasurementRowProps) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  const Icon = ICONS[item.kind];
  const [first, ...more] = item.values;
  const isPaired = priorLesions.some(({ tracking_uid }) => tracking_uid === item.tracking_uid);
  return (
    <li ref={row} className={cx('border-b border-line', isSelected && 'bg-raised')}>
      <div className="flex items-center pe-2">
        <button
          type="button"
          aria-expanded={isSelected}
          title={text.kinds[item.kind]}
          onClick={() => measurements.select(item.id)}
          onKeyDown={(event) => {
            if (event.key === 'Delete' && measurements.canChange) measurements.remove(item.id);
          }}
          className="flex h-9 min-w-0 grow items-center gap-2 ps-4 pe-1 text-start -outline-offset-2 hover:bg-raised"
        >
          <Icon aria-hidden size={15} strokeWidth={1.75} className="shrink-0 text-muted" />
          <span dir="auto" className="min-w-0 grow truncate font-medium rtl:text-right">
            {item.label}
          </span>
          {isPaired && (
            <span title={text.tracked} className="shrink-0 text-muted">
              <Link2 aria-hidden size={14} strokeWidth={1.75} />
              <span className="sr-only">{text.tracked}</span>
            </span>
          )}
          {slice !== null && <span className="shrink-0 text-sm text-faint tabular-nums">{text.slice(slice)}</span>}
          {first && (
            <bdi dir="ltr" className="min-w-16 shrink-0 text-end font-medium tabular-nums">
              {figure(first.value, first.unit)}
            </bdi>
          )}
        </button>
        {measurements.canChange && (
          <IconButton icon={Trash2} label={text.remove(item.label)} onClick={() => measurements.remove(item.id)} />
        )}
      </div>
      {isSelected && (
        <div className="flex flex-col gap-3 px-4 pt-1 pb-3">
          {more.length > 0 && (
            <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1">
              {item.values.map(({ quantity, value, unit }) => (
                <div key={quantity} className="col-span-2 grid grid-cols-subgrid">
                  <dt className="text-muted">{text.quantities[quantity]}</dt>
                  <dd dir="ltr" className="text-end tabular-nums">
                    {figure(value, unit)}
                  </dd>
                </div>
              ))}
            </dl>
          )}
          {measurements.canChange ? (
            <MeasurementForm
              key={item.id}
              item={item}
              onChange={(part) => measurements.change(item.id, part)}
              priorLesions={priorLesions}
            />
          ) : (
            item.comment !== null && (
              <p className="text-muted">
                <bdi>{item.comment}</bdi>
              </p>
            )
          )}
        </div>
      )}
    </li>
  );
}
