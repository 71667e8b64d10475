import type { Finding } from '../contract/findings.ts';

/** Probabilities are calibrated, 0..1. */
export type PneumoniaEvidence = {
  probability: number | null;
  subtype: 'bacterial_pneumonia' | 'viral_pneumonia' | null;
  subtype_probability: number | null;
};
export type NoduleEvidence = {
  diameter_mm: number | null;
  volume_mm3: number | null;
  kind: 'solid' | 'subsolid' | null;
  side: 'left' | 'right' | null;
  /** Phrases such as `upper third`; the side is not repeated in them. */
  location: readonly string[];
  /** Mean attenuation, Hounsfield units. */
  mean_hu: number | null;
};
/** Share of the lung below -950 HU, percent. */
export type EmphysemaEvidence = { laa950_percent: number | null };

type Evidenced = Pick<Finding, 'evidence' | 'confidence'>;

export function readPneumonia({ evidence, confidence }: Evidenced): PneumoniaEvidence {
  return {
    probability: numberOr(evidence['probability'], confidence),
    subtype: oneOf(evidence['subtype'], ['bacterial_pneumonia', 'viral_pneumonia']),
    subtype_probability: numberOr(evidence['subtype_probability'], null),
  };
}

export function readNodule({ evidence }: Evidenced): NoduleEvidence {
  const location = evidence['location'];
  return {
    diameter_mm: numberOr(evidence['diameter_mm'], null),
    volume_mm3: numberOr(evidence['volume_mm3'], null),
    kind: oneOf(evidence['kind'], ['solid', 'subsolid']),
    side: oneOf(evidence['side'], ['left', 'right']),
    location: typeof location === 'string' ? phrases(location) : [],
    mean_hu: numberOr(evidence['mean_hu'], null),
  };
}

export function readEmphysema({ evidence }: Evidenced): EmphysemaEvidence {
  return { laa950_percent: numberOr(evidence['laa950_percent'], null) };
}

function phrases(location: string): string[] {
  return location
    .split(/[,;]/)
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '' && !/^(right|left)( lung)?$/i.test(phrase));
}

function numberOr(value: unknown, otherwise: number | null): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

function oneOf<const T extends string>(value: unknown, allowed: readonly T[]): T | null {
  return allowed.find((one) => one === value) ?? null;
}
