import { Ruler } from 'lucide-react';
import type { ForeignMeasurement } from '../../contract/measurements.ts';
import { measurementWords as text } from '../strings/measurements/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import type { Stack } from '../viewer/stack.ts';
import type { ViewerSurface } from '../viewer/viewer-surface.ts';
import { figure } from './figures.ts';
import { MeasurementRow } from './MeasurementRow.tsx';
import { placeOf } from './place.ts';
import type { PriorLesion } from './prior-lesion.ts';
import { SaveNote } from './SaveNote.tsx';
import type { Measurements } from './use-measurements.ts';

type MeasurementsPanelProps = {
  measurements: Measurements;
  stacks: readonly Stack[];
  surface: ViewerSurface | null;
  /** Of the prior that is compared with; empty without one. */
  priorLesions: readonly PriorLesion[];
};

/** Everything that was measured in the study; choosing one goes to its picture. */
export function MeasurementsPanel({ measurements, stacks, surface, priorLesions }: MeasurementsPanelProps) {
  const { items, others, save, saveError, loadError, selectedId } = measurements;
  if (save === 'loading')
    return loadError ? (
      <div className="p-4">
        <ProblemNote error={loadError} />
      </div>
    ) : (
      <Skeleton rows={3} label={text.loading} />
    );
  const sliceOf = (sop: string | null, frame: number | null): number | null => {
    const place = placeOf(stacks, sop, frame);
    return place && place.stack.frames.length > 1 ? place.index + 1 : null;
  };
  const goTo = (other: ForeignMeasurement): void => {
    const place = placeOf(stacks, other.sop_instance_uid, other.frame);
    if (!place || other.sop_instance_uid === null) return;
    const { study_instance_uid, series } = place.stack;
    surface?.goTo({
      study_instance_uid,
      series_instance_uid: series.series_instance_uid,
      sop_instance_uid: other.sop_instance_uid,
      frame: other.frame ?? 1,
    });
  };
  return (
    <div className="flex min-h-full flex-col">
      <SaveNote measurements={measurements} />
      {save === 'failed' && (
        <div className="px-4 pb-3">
          <ProblemNote error={saveError} action={<Button onClick={measurements.retry}>{strings.common.retry}</Button>} />
        </div>
      )}
      {items.length === 0 && others.length === 0 && (
        <EmptyState icon={Ruler} title={text.none} detail={measurements.canChange ? text.noneDetail : text.noneReadOnly} />
      )}
      {items.length > 0 && (
        <ul aria-label={text.title} className="border-t border-line">
          {items.map((item) => (
            <MeasurementRow
              key={item.id}
              item={item}
              slice={sliceOf(item.sop_instance_uid, item.frame)}
              isSelected={item.id === selectedId}
              measurements={measurements}
              priorLesions={priorLesions}
            />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <section aria-labelledby="foreign-measurements">
          <h3 id="foreign-measurements" className="border-b border-line px-4 pt-4 pb-1.5 text-sm font-medium text-muted">
            {text.others}
          </h3>
          <ul>
            {others.map((other, index) => (
              <ForeignRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a report may say the same twice
                key={`${other.report_uid} ${index}`}
                other={other}
                slice={sliceOf(other.sop_instance_uid, other.frame)}
                onSelect={placeOf(stacks, other.sop_instance_uid, other.frame) ? () => goTo(other) : undefined}
              />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

type ForeignRowProps = { other: ForeignMeasurement; slice: number | null; onSelect: (() => void) | undefined };

/** Numbers of another program are shown in its own words; they cannot be changed here. */
function ForeignRow({ other, slice, onSelect }: ForeignRowProps) {
  const name = [other.label, other.finding].filter(Boolean).join(', ') || text.unnamed;
  const content = (
    <>
      <span className="flex items-baseline gap-2">
        <span dir="auto" className="min-w-0 grow truncate font-medium rtl:text-right">
          {name}
        </span>
        {slice !== null && <span className="text-sm text-faint tabular-nums">{text.slice(slice)}</span>}
      </span>
      {other.values.map(({ name: quantity, value, unit }, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: numbers have no other name
          key={index}
          className="flex justify-between gap-3 text-muted"
        >
          <bdi className="truncate">{quantity}</bdi>
          <bdi dir="ltr" className="tabular-nums">
            {figure(value, unit)}
          </bdi>
        </span>
      ))}
    </>
  );
  const look = 'flex w-full flex-col gap-0.5 px-4 py-2 text-start';
  return (
    <li className="border-b border-line">
      {onSelect ? (
        <button type="button" onClick={onSelect} className={`${look} -outline-offset-2 hover:bg-raised`}>
          {content}
        </button>
      ) : (
        <div className={look}>{content}</div>
      )}
    </li>
  );
}
