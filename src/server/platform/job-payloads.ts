/** Every background job and what it is told; a handler missing in `server/handlers.ts` does not compile. */
export type JobPayloads = {
  'analyze-study': { study_instance_uid: string };
  'render-report': { report_id: string };
  'sweep-blobs': Record<string, never>;
};
export type JobName = keyof JobPayloads;
export const JOB_NAMES = ['analyze-study', 'render-report', 'sweep-blobs'] as const satisfies readonly JobName[];
