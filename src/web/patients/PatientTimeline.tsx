import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Maximize2, Table2, ZoomIn, ZoomOut } from 'lucide-react';
import { useState } from 'react';
import type { HistorySynthesis, TimelineEvent } from '../../contract/history.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import type { Column } from '../ui/table-columns.ts';
import { HistoryPatternItem } from './HistoryPatternItem.tsx';
import { synthesisQuery } from './patient-queries.ts';
import { TimelinePicture } from './TimelinePicture.tsx';
import { instantOf, type Placed, pan, placeEvents, wholeSpan, zoom } from './timeline-layout.ts';

const STEP = 0.5;

const COLUMNS: readonly Column<TimelineEvent>[] = [
  { key: 'at', title: words.when, width: '12rem', sortBy: ({ at }) => instantOf(at) ?? null, cell: (event) => <Dates event={event} /> },
  {
    key: 'kind',
    title: words.kind,
    width: '10rem',
    sortBy: ({ kind }) => words.timelineKinds[kind],
    cell: ({ kind }) => words.timelineKinds[kind],
  },
  { key: 'title', title: words.what, sortBy: ({ title }) => title, cell: ({ title }) => <bdi>{title}</bdi> },
  { key: 'status', title: words.status, width: '9rem', cell: ({ status }) => status },
  { key: 'from', title: words.sources, width: '6rem', align: 'end', cell: ({ from }) => from.length },
];

/** Everything that is known of a patient as a picture over time, or as a table; and what several entries say only together. */
export function PatientTimeline({ patientKey }: { patientKey: string }) {
  const synthesis = useQuery(synthesisQuery(patientKey));
  if (synthesis.isError) return <ProblemNote error={synthesis.error} />;
  if (!synthesis.data) return <Skeleton rows={10} label={strings.common.loading} />;
  if (synthesis.data.timeline.length === 0) return <EmptyState icon={Table2} title={words.noTimeline} detail={words.noTimelineDetail} />;
  return <Shown synthesis={synthesis.data} />;
}

function Shown({ synthesis: { timeline, patterns, not_used, as_of, disclaimer } }: { synthesis: HistorySynthesis }) {
  const [asTable, setAsTable] = useState(false);
  const undated = timeline.filter(({ at }) => instantOf(at) === undefined);
  return (
    <div className="flex flex-col gap-4">
      <Card
        title={strings.diagnosis.timeline}
        count={timeline.length}
        actions={
          <Button icon={Table2} aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? words.asPicture : words.asTable}
          </Button>
        }
      >
        {asTable ? (
          <ScrollArea label={strings.diagnosis.timeline} className="-mx-4 max-h-120">
            <DataTable
              caption={strings.diagnosis.timeline}
              columns={COLUMNS}
              rows={timeline}
              rowKey={(event) => `${event.kind} ${event.at} ${event.title} ${event.from[0]?.id}`}
              empty={null}
            />
          </ScrollArea>
        ) : (
          <Picture timeline={timeline} now={Date.parse(as_of)} />
        )}
        {undated.length > 0 && !asTable && (
          <p className="pt-2 text-sm text-muted">
            {words.undated(undated.length)} <bdi>{undated.map(({ title }) => title).join(' \u00b7 ')}</bdi>
          </p>
        )}
      </Card>
      {patterns.length > 0 && (
        <Card title={words.patterns} count={patterns.length}>
          <ul className="divide-y divide-line">
            {patterns.map((pattern) => (
              <HistoryPatternItem key={`${pattern.rule} ${pattern.title}`} pattern={pattern} />
            ))}
          </ul>
        </Card>
      )}
      {not_used.length > 0 && <p className="text-sm text-attention">{words.notUsed(not_used.length, not_used[0]?.reason ?? '')}</p>}
      <p className="text-sm text-muted">
        <bdi>{disclaimer}</bdi>
      </p>
    </div>
  );
}

function Picture({ timeline, now }: { timeline: readonly TimelineEvent[]; now: number }) {
  const placed = placeEvents(timeline);
  const whole = wholeSpan(placed, now);
  const [span, setSpan] = useState(whole);
  const [chosen, setChosen] = useState<readonly Placed[]>([]);
  const middle = (span.from + span.to) / 2;
  const closer = () => setSpan(zoom(span, { factor: STEP, around: middle, whole }));
  const farther = () => setSpan(zoom(span, { factor: 1 / STEP, around: middle, whole }));
  const isWhole = span.to - span.from >= (whole.to - whole.from) * 0.999;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-1" dir="ltr">
        <IconButton icon={ChevronLeft} label={words.earlier} disabled={isWhole} onClick={() => setSpan(pan(span, -STEP, whole))} />
        <IconButton icon={ChevronRight} label={words.later} disabled={isWhole} onClick={() => setSpan(pan(span, STEP, whole))} />
        <IconButton icon={ZoomOut} label={strings.viewer.zoomOut} disabled={isWhole} onClick={farther} />
        <IconButton icon={ZoomIn} label={strings.viewer.zoomIn} onClick={closer} />
        <IconButton icon={Maximize2} label={words.wholeTime} disabled={isWhole} onClick={() => setSpan(whole)} />
        <p className="ms-auto text-sm text-faint max-sm:hidden" dir="auto">
          {words.timelineKeys}
        </p>
      </div>
      <TimelinePicture placed={placed} span={span} whole={whole} now={now} onSpan={setSpan} onChoose={setChosen} />
      {chosen.length > 0 && (
        <ul aria-live="polite" className="max-h-60 divide-y divide-line overflow-y-auto border-t border-line">
          {chosen.map(({ event }) => (
            <li
              key={`${event.kind} ${event.at} ${event.title} ${event.from[0]?.id}`}
              className="flex flex-wrap items-baseline gap-x-3 py-1"
            >
              <span className="w-44 shrink-0 text-sm text-muted tabular-nums">
                <Dates event={event} />
              </span>
              <Badge>{words.timelineKinds[event.kind]}</Badge>
              <bdi>{event.title}</bdi>
              {event.from.length > 1 && <span className="text-sm text-faint">{words.sourceCount(event.from.length)}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Dates({ event: { at, until } }: { event: TimelineEvent }) {
  return (
    <span dir="ltr" className="tabular-nums">
      {at?.slice(0, 10)}
      {until && ` \u2013 ${until.slice(0, 10)}`}
    </span>
  );
}
