import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { TimelineEvent } from '../../contract/history.ts';
import { intlLocale } from '../strings/locale.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { layOut, type Mark, type Placed, pan, type Span, ticks, zoom } from './timeline-layout.ts';

const KINDS: readonly TimelineEvent['kind'][] = [
  'study',
  'report',
  'condition',
  'medication',
  'allergy',
  'observations',
  'procedure',
  'immunization',
];
const LANE = 32;
const HEAD = 24;
const GAP = 12;
/** Of names of the lanes, before the picture begins. */
const WIDE_NAMES = 116;
/** The same where there is little room. */
const NARROW_NAMES = 96;
const NARROW = 480;
const LEAST_WIDTH = 120;
const KEY_STEP = 0.2;

type TimelinePictureProps = {
  placed: readonly Placed[];
  span: Span;
  whole: Span;
  now: number;
  onSpan: (span: Span) => void;
  onChoose: (placed: readonly Placed[]) => void;
};

/** A lane for each kind of event. Dragged, scrolled and by keys; a press tells what lies there. The table tells the same in words. */
export function TimelinePicture({ placed, span, whole, now, onSpan, onChoose }: TimelinePictureProps) {
  const frame = useRef<HTMLElement>(null);
  const [frameWidth, setFrameWidth] = useState(900);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setFrameWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const names = frameWidth < NARROW ? NARROW_NAMES : WIDE_NAMES;
  const width = Math.max(LEAST_WIDTH, frameWidth - names);
  const lanes = KINDS.filter((kind) => placed.some(({ event }) => event.kind === kind));
  const height = HEAD + lanes.length * LANE;
  const xOf = (at: number) => ((at - span.from) / (span.to - span.from)) * width;
  useWheel(frame, (deltaY, x) =>
    onSpan(zoom(span, { factor: deltaY > 0 ? 1.25 : 0.8, around: span.from + ((x - names) / width) * (span.to - span.from), whole })),
  );
  const drag = useDrag((share) => onSpan(pan(span, share, whole)), width);
  const press = (event: KeyboardEvent) => {
    const next = spanAfter(event.key, span, whole);
    if (!next) return;
    event.preventDefault();
    onSpan(next);
  };
  // The table beside it says the same in words.
  const keys = { tabIndex: 0, onKeyDown: press };
  return (
    <section ref={frame} {...keys} aria-label={words.timelinePicture} dir="ltr" className="overflow-hidden rounded-md">
      <svg
        role="img"
        aria-label={words.timelineSummary(placed.length, dayOf(span.from), dayOf(span.to))}
        width={names + width}
        height={height}
        className="block touch-pan-y select-none"
        {...drag}
      >
        {ticks(span, width, 64).map(({ at, unit }) => (
          <g key={at} transform={`translate(${names + xOf(at)} 0)`}>
            <line y1={HEAD} y2={height} className="stroke-line" />
            <text x={4} y={15} className="fill-faint text-[11px] tabular-nums">
              {labelOf(at, unit)}
            </text>
          </g>
        ))}
        {lanes.map((kind, index) => (
          <g key={kind} transform={`translate(0 ${HEAD + index * LANE})`}>
            <line x2={names + width} className="stroke-line" />
            <text x={0} y={LANE / 2 + 4} className="fill-muted text-[12px]">
              {words.timelineKinds[kind]}
            </text>
            <g transform={`translate(${names} ${LANE / 2})`}>
              {layOut(
                placed.filter(({ event }) => event.kind === kind),
                span,
                { width, gap: GAP },
              ).map((mark) => (
                <MarkShape key={`${mark.x} ${mark.placed[0]?.event.title}`} mark={mark} onChoose={onChoose} />
              ))}
            </g>
          </g>
        ))}
        {now >= span.from && now <= span.to && (
          <line x1={names + xOf(now)} x2={names + xOf(now)} y1={HEAD} y2={height} strokeDasharray="2 3" className="stroke-line-strong" />
        )}
      </svg>
    </section>
  );
}

function MarkShape({ mark: { x, width, placed }, onChoose }: { mark: Mark; onChoose: (placed: readonly Placed[]) => void }) {
  const [first] = placed;
  if (!first) return null;
  const count = placed.length;
  const title = count === 1 ? `${first.event.title}, ${first.event.at?.slice(0, 10)}` : words.eventCount(count);
  const isOver = first.event.status === 'resolved' || first.event.status === 'inactive';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the table beside it tells the same to who uses no pointer
    <g className="cursor-pointer" onClick={() => onChoose(placed)}>
      <title>{title}</title>
      <rect x={x - 8} y={-LANE / 2} width={Math.max(16, width + 16)} height={LANE} fill="transparent" />
      {first.until !== null ? (
        <rect x={x} y={-4} width={Math.max(3, width)} height={8} rx={2} className={isOver ? 'fill-line-strong' : 'fill-muted'} />
      ) : count === 1 ? (
        <circle cx={x} r={4} className="fill-text" />
      ) : (
        <>
          <rect x={x - 9} y={-8} width={Math.max(18, width + 18)} height={16} rx={8} className="fill-raised stroke-line-strong" />
          <text x={x + width / 2} y={4} textAnchor="middle" className="fill-text text-[11px] tabular-nums">
            {count}
          </text>
        </>
      )}
    </g>
  );
}

function spanAfter(key: string, span: Span, whole: Span): Span | undefined {
  const middle = (span.from + span.to) / 2;
  if (key === 'ArrowLeft') return pan(span, -KEY_STEP, whole);
  if (key === 'ArrowRight') return pan(span, KEY_STEP, whole);
  if (key === '+' || key === '=') return zoom(span, { factor: 0.7, around: middle, whole });
  if (key === '-') return zoom(span, { factor: 1 / 0.7, around: middle, whole });
  return key === 'Home' ? whole : undefined;
}

/** React listens to wheels passively, so that the page would scroll as well. */
function useWheel(frame: RefObject<HTMLElement | null>, onWheel: (deltaY: number, x: number) => void): void {
  const latest = useRef(onWheel);
  latest.current = onWheel;
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const listen = (event: WheelEvent) => {
      // The page keeps its scrolling: the picture takes the wheel with a key, as maps do, or a pinch, which comes as one.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      latest.current(event.deltaY, event.clientX - element.getBoundingClientRect().left);
    };
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  }, [frame]);
}

function useDrag(onMove: (share: number) => void, width: number) {
  const last = useRef<number>(undefined);
  return {
    onPointerDown: (event: PointerEvent) => {
      last.current = event.clientX;
    },
    onPointerMove: (event: PointerEvent) => {
      if (last.current === undefined || event.buttons !== 1) return;
      const moved = event.clientX - last.current;
      if (Math.abs(moved) < 2) return;
      last.current = event.clientX;
      onMove(-moved / width);
    },
    onPointerUp: () => {
      last.current = undefined;
    },
  };
}

function labelOf(at: number, unit: 'day' | 'month' | 'year'): string {
  const parts: Intl.DateTimeFormatOptions =
    unit === 'year' ? { year: 'numeric' } : unit === 'month' ? { month: 'short', year: '2-digit' } : { day: 'numeric', month: 'short' };
  return new Date(at).toLocaleDateString(intlLocale(), { ...parts, timeZone: 'UTC' });
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
