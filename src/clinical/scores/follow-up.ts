import type { FollowUpModality, FollowUpStep, Recommendation } from '../../contract/clinical.ts';

type StepOptions = {
  /** Months after the classified examination. */
  months?: readonly [min: number, max: number];
  urgency?: FollowUpStep['urgency'];
  alternatives?: readonly FollowUpModality[];
  ifUnchanged?: boolean;
  repeat?: { every: number; until: number | null };
};

export function step(modality: FollowUpModality, options: StepOptions = {}): FollowUpStep {
  const { months, urgency = 'recommended', alternatives = [], ifUnchanged = false, repeat } = options;
  return {
    interval_months: months ? { min: months[0], max: months[1] } : null,
    modality,
    alternatives: [...alternatives],
    urgency,
    if_unchanged: ifUnchanged,
    repeat: repeat ? { every_months: repeat.every, until_months: repeat.until } : null,
  };
}

/** @param text in our own words; the id stays the same over editions of the wording */
export function recommend(id: string, text: string, ...steps: readonly FollowUpStep[]): Recommendation {
  return { id, text, steps: [...steps] };
}
