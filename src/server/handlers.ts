import { analyzeStudy } from './analysis/analyze-study.ts';
import type { Deps } from './deps.ts';
import type { JobHandlers } from './platform/ports.ts';
import { renderReport } from './reports/render-report.ts';
import { sweepBlobs } from './studies/sweep-blobs.ts';

/** Every background job and the function that does it. */
export function jobHandlers(deps: Deps): JobHandlers {
  return {
    'analyze-study': ({ payload, signal, attempt }) => analyzeStudy(deps, payload.study_instance_uid, { signal, attempt }),
    'render-report': ({ payload }) => renderReport(deps, payload.report_id),
    'sweep-blobs': async () => {
      await sweepBlobs(deps);
    },
  };
}
