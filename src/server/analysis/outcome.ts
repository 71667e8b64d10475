import type { Measurement, Score } from '../../contract/analysis.ts';
import type { ProposedFinding } from '../findings/propose-findings.ts';

/** How one run ended. `reason` says why it abstained or failed. */
export type RunOutcome = {
  status: 'succeeded' | 'abstained' | 'failed';
  reason: string | null;
  scores: Score[];
  measurements: Measurement[];
  findings: ProposedFinding[];
  parameters: Record<string, unknown>;
  outOfDistributionScore: number | null;
  /** PNG of the class activation map. */
  heatmap: Uint8Array | null;
};

export function abstained(reason: string, parameters: Record<string, unknown> = {}): RunOutcome {
  return {
    status: 'abstained',
    reason,
    scores: [],
    measurements: [],
    findings: [],
    parameters,
    outOfDistributionScore: null,
    heatmap: null,
  };
}
