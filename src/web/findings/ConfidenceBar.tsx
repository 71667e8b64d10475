import { strings } from '../strings/strings.ts';

const text = strings.findings;

/** A calibrated probability as a bar, with a mark at the threshold above which the score became a finding. */
export function ConfidenceBar({ confidence, threshold }: { confidence: number; threshold: number | null }) {
  return (
    <span className="flex w-full items-center gap-2 text-sm tabular-nums">
      <span aria-hidden className="relative h-1.5 grow rounded-sm bg-hover">
        <span className="absolute inset-y-0 start-0 rounded-sm bg-ai" style={{ width: `${100 * confidence}%` }} />
        {threshold !== null && <span className="absolute -inset-y-1 w-0.5 bg-text" style={{ insetInlineStart: `${100 * threshold}%` }} />}
      </span>
      <span className="shrink-0 text-text">
        <span className="sr-only">{text.confidence} </span>
        {percent(confidence)}
      </span>
      {threshold !== null && (
        <span className="shrink-0 text-muted">
          {text.threshold} {percent(threshold)}
        </span>
      )}
    </span>
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0.995 && share < 1 ? 1 : 0)} %`;
}
