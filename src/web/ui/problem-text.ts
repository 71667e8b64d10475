import { ApiProblem } from '../api.ts';
import { strings } from '../strings/strings.ts';

/** What failed, what to do, and the request id, as one line: for a toast. Where there is room, a `ProblemNote` says it better. */
export function problemText(error: unknown): string {
  if (!(error instanceof ApiProblem)) return strings.common.unknownProblem;
  const id = error.requestId ? ` (${strings.common.requestId} ${error.requestId})` : '';
  return `${error.title}. ${error.detail}${id}`;
}
