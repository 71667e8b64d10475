import type { Agent } from './agent.ts';

/** Literature that bears on the findings. An installation without an index says so: no hits would read as no evidence. */
export function researchAgent(): Agent<'research'> {
  return async () => ({
    outcome: 'not_evaluable',
    reason: 'No literature index is imported',
    report: { papers_found: 0, evidence_level: null, references: [] },
  });
}
