import { useQuery } from '@tanstack/react-query';
import type { TimelineEntry } from '../../contract/diagnosis-work.ts';
import { DIAGNOSIS_STEPS, type DiagnosisStep } from '../../contract/events.ts';
import { dateTime } from '../format.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Card } from '../ui/Card.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { diagnosisTimelineQuery } from './diagnosis-queries.ts';

/** What happened, step by step, and who did it. */
export function TimelineView({ id }: { id: string }) {
  const timeline = useQuery(diagnosisTimelineQuery(id));
  if (timeline.isError) return <ProblemNote error={timeline.error} />;
  if (!timeline.data) return <Skeleton rows={6} label={strings.common.loading} />;
  return (
    <Card>
      <ol className="flex flex-col">
        {timeline.data.items.map((entry) => (
          <li key={entry.number} className="relative flex flex-wrap items-baseline gap-x-3 border-s border-line py-1.5 ps-4">
            <span aria-hidden className="absolute top-3.5 -start-1 size-2 rounded-full bg-line-strong" />
            <span className="font-medium">{isStep(entry.type) ? words.timelineSteps[entry.type] : entry.type}</span>
            <bdi className="text-muted">{actorOf(entry)}</bdi>
            <span className="text-sm text-muted">{detailsOf(entry)}</span>
            <time dateTime={entry.at} className="ms-auto text-sm text-faint tabular-nums">
              {dateTime(entry.at)}
            </time>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function actorOf({ actor }: TimelineEntry): string {
  if (actor === 'coordinator') return words.coordinator;
  return Object.hasOwn(strings.diagnosis.agents, actor) ? strings.diagnosis.agents[actor as keyof typeof strings.diagnosis.agents] : actor;
}

function detailsOf({ data }: TimelineEntry): string {
  const { agent, images, missing, failures } = data;
  return [
    typeof agent === 'string' && Object.hasOwn(strings.diagnosis.agents, agent)
      ? strings.diagnosis.agents[agent as keyof typeof strings.diagnosis.agents]
      : '',
    typeof images === 'number' ? words.imageCount(images) : '',
    Array.isArray(missing) && missing.length > 0 ? `${strings.diagnosis.missing}: ${missing.length}` : '',
    typeof failures === 'number' ? words.tries(failures) : '',
  ]
    .filter(Boolean)
    .join(' \u00b7 ');
}

function isStep(type: string): type is DiagnosisStep {
  return DIAGNOSIS_STEPS.some((step) => step === type);
}
