import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ban, Calculator } from 'lucide-react';
import type { RecordedScore } from '../../contract/history.ts';
import { decimal, evidenceLabel, unitText } from '../format.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Card } from '../ui/Card.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { recordedScoresQuery } from './patient-queries.ts';

/** Scores as far as the record fills them: the value, or what it could still be, and where each input comes from. */
export function ScoresTab({ patientKey }: { patientKey: string }) {
  const scores = useQuery(recordedScoresQuery(patientKey));
  if (scores.isError) return <ProblemNote error={scores.error} />;
  if (!scores.data) return <Skeleton rows={8} label={strings.common.loading} />;
  if (scores.data.items.length === 0) return <EmptyState icon={Calculator} title={words.noScores} detail={words.noScoresDetail} />;
  return (
    <div className="flex flex-col gap-4">
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2">
        {scores.data.items.toSorted(byUse).map((score) => (
          <li key={score.result.score} className="flex">
            <ScoreCard score={score} />
          </li>
        ))}
      </ul>
      <p className="text-sm text-muted">
        <bdi>{scores.data.disclaimer}</bdi>
      </p>
    </div>
  );
}

function ScoreCard({ score: { result, inputs, not_used } }: { score: RecordedScore }) {
  const number = shownOf(result);
  return (
    <Card
      title={result.title}
      className="grow"
      actions={
        <Link
          to="/scores/$score"
          params={{ score: result.score }}
          className="rounded-sm text-sm text-muted underline underline-offset-2 hover:text-text"
        >
          {words.openScore}
        </Link>
      }
    >
      {result.not_applicable ? (
        <p className="flex gap-2 text-attention">
          <Ban aria-hidden size={14} className="mt-0.75 shrink-0" />
          {strings.scores.notApplicable}: {result.not_applicable}
        </p>
      ) : (
        <>
          {number && (
            <p className="text-xl font-semibold tabular-nums">
              <bdi dir="ltr">{number}</bdi>
            </p>
          )}
          {result.band && <p className="font-medium">{result.band.title}</p>}
          {!result.band && result.bands.length > 0 && (
            <p className="text-muted">
              {strings.scores.possible}: {result.bands.map(({ title }) => title).join(' / ')}
            </p>
          )}
          {result.recommendation && <p className="text-muted">{result.recommendation.text}</p>}
        </>
      )}
      <details className="pt-1" open={inputs.length <= 4}>
        <summary className="w-fit rounded-sm text-sm text-muted hover:text-text">{words.fromRecord(inputs.length)}</summary>
        <ul className="divide-y divide-line text-sm">
          {inputs.map(({ name, value, at, age_days, from }) => (
            <li key={name} className="flex flex-wrap items-baseline gap-x-3 py-1">
              <span className="text-muted">{evidenceLabel(name).label}</span>
              <bdi className="font-medium tabular-nums">{inputText(value)}</bdi>
              <span className="ms-auto text-faint tabular-nums">
                {at === null ? words.undatedInput : words.inputAge(at.slice(0, 10), age_days ?? 0)}
                {from.length > 1 && ` (${from.length})`}
              </span>
            </li>
          ))}
        </ul>
      </details>
      {result.missing.length > 0 && (
        <p className="pt-1 text-sm text-attention">
          {strings.scores.incomplete}: {result.missing.map((name) => evidenceLabel(name).label).join(', ')}
        </p>
      )}
      {not_used.length > 0 && (
        <p className="text-sm text-attention">{not_used.map(({ name, reason }) => `${evidenceLabel(name).label}: ${reason}`).join('; ')}</p>
      )}
      <p className="pt-1 text-xs text-faint">{result.citation.text}</p>
    </Card>
  );
}

function shownOf({ value, range, unit }: RecordedScore['result']): string {
  const written = unit ? ` ${unitText(unit)}` : '';
  if (value !== null) return `${decimal(value)}${written}`;
  return range ? `${decimal(range.min)} \u2013 ${decimal(range.max)}${written}` : '';
}

/** What says most first: a value, then a range, then what lacks inputs, and last what does not apply. */
function byUse(a: RecordedScore, b: RecordedScore): number {
  return rankOf(a) - rankOf(b);
}

function rankOf({ result: { not_applicable, value, band, range } }: RecordedScore): number {
  if (not_applicable !== null) return 3;
  if (value !== null || band !== null) return 0;
  return range === null ? 2 : 1;
}

function inputText(value: RecordedScore['inputs'][number]['value']): string {
  if (value === null) return strings.scores.unknown;
  if (typeof value === 'boolean') return value ? strings.scores.yes : strings.scores.no;
  if (typeof value === 'object') return `${decimal(value.value)} ${unitText(value.unit)}`;
  return typeof value === 'number' ? decimal(value) : value;
}
