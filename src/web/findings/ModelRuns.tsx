import type { Analysis } from '../../contract/analysis.ts';
import { dateTime, decimal } from '../format.ts';
import { findingTitle } from '../strings/clinical/words.ts';
import { strings } from '../strings/strings.ts';

const text = strings.findings;
/** Enough of a SHA-256 to compare by eye. */
const DIGEST_SHOWN = 12;

/** Provenance of the runs that succeeded: all scores, version, digest, time. */
export function ModelRuns({ runs }: { runs: readonly Analysis[] }) {
  const done = runs.filter(({ status }) => status === 'succeeded');
  if (done.length === 0) return null;
  return (
    <details className="border-b border-line px-4 py-2.5">
      <summary className="font-medium">
        {text.ran} <span className="font-normal text-muted">{done.length}</span>
      </summary>
      {done.map((run) => (
        <div key={run.id} className="flex flex-col gap-1 pt-3">
          <p>
            {run.model_id} {run.model_version}
            <span className="text-muted">
              {run.finished_at && ` \u00b7 ${dateTime(run.finished_at)}`}
              {run.duration_ms !== null && ` \u00b7 ${decimal(run.duration_ms / 1000, 2)} s`}
            </span>
          </p>
          <p className="text-sm text-muted" title={run.model_digest}>
            {text.digest} {run.model_digest.replace(/^sha256:/, '').slice(0, DIGEST_SHOWN)}
          </p>
          {run.scores.length > 0 && (
            <table className="w-full" aria-label={text.scores}>
              <tbody>
                {run.scores.map((score) => (
                  <tr key={score.label}>
                    <th scope="row" className="py-0.5 text-start font-normal text-muted">
                      {findingTitle({ code: score.label, title: score.title })}
                    </th>
                    <td className="py-0.5 text-end tabular-nums">{(100 * score.probability).toFixed(1)} %</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <p className="text-sm text-faint">
            <bdi>{run.disclaimer}</bdi>
          </p>
        </div>
      ))}
    </details>
  );
}
