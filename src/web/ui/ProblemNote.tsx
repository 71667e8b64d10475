import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api.ts';
import { strings } from '../strings/strings.ts';

/** Says what failed, what to do, and the request id for whoever looks it up. */
export function ProblemNote({ error, action }: { error: unknown; action?: ReactNode }) {
  const problem = error instanceof ApiProblem ? error : undefined;
  return (
    <div role="alert" className="flex gap-2 rounded-md border border-line bg-raised p-3 text-base">
      <CircleAlert aria-hidden size={16} className="mt-0.5 shrink-0 text-critical" />
      <div className="flex min-w-0 flex-col gap-1">
        <p className="font-medium text-critical">{problem?.title ?? strings.common.unknownProblem}</p>
        <p className="text-muted">{problem?.detail ?? strings.common.unknownDetail}</p>
        {problem?.fields.map(({ field, message }) => (
          <p key={field} className="text-muted">
            {field}: {message}
          </p>
        ))}
        {problem?.requestId && (
          <p className="text-sm text-faint">
            {strings.common.requestId} <span className="select-all">{problem.requestId}</span>
          </p>
        )}
        {action && <div className="pt-1">{action}</div>}
      </div>
    </div>
  );
}
