import type { Finding } from '../../contract/findings.ts';

/** A lung nodule as a guideline asks for it; what the finding does not say is undefined. Lengths in mm. */
export type Nodule = {
  finding_id: string;
  kind: 'solid' | 'part-solid' | 'ground-glass' | 'subsolid' | undefined;
  long?: number;
  short?: number;
  mean?: number;
};
export type MeasuredFinding = Pick<Finding, 'id' | 'code' | 'source' | 'status' | 'title' | 'text' | 'evidence'>;

const NODULE = /\b(?:nodules?|nodul(?:e|es|o|os)\s+pulmon\w+|rundherde?|lungenherde?)\b/i;
const NOT_LUNG = /\b(thyroid|schilddr\w+|breast|mamma|adrenal|liver|lymph|skin)\b/i;
const SIZE = /(\d+(?:[.,]\d+)?)\s*(?:[x×*]\s*(\d+(?:[.,]\d+)?)\s*)?(mm|cm)\b/iu;
const KINDS: readonly (readonly [RegExp, NonNullable<Nodule['kind']>])[] = [
  [/\b(?:part|partly|semi)[- ]?solid|\bteilsolid|\bmixed\b/i, 'part-solid'],
  [/\bground[- ]?glass|\bggn\b|\bnon-?solid|\bmilchglas/i, 'ground-glass'],
  [/\bsub-?solid/i, 'subsolid'],
  [/\bsolid/i, 'solid'],
];

/**
 * The lung nodules among the findings that the reader accepted: coded ones by their evidence; those in a reader's own words where they name a
 * nodule and its size. A coded one that the reader reworded counts by the words where they give a size.
 */
export function readNodules(findings: readonly MeasuredFinding[]): Nodule[] {
  return findings.flatMap((finding) => {
    if (finding.status !== 'accepted' && finding.status !== 'edited') return [];
    const words = [finding.source === 'person' ? finding.title : '', finding.text ?? ''].join('. ');
    const isCoded = finding.code === 'lung-nodule';
    if (!isCoded && (!NODULE.test(words) || NOT_LUNG.test(words))) return [];
    const said = readSize(words);
    if (isCoded && !said) return [codedNodule(finding)];
    if (!said) return [];
    const kind = KINDS.find(([pattern]) => pattern.test(words))?.[1];
    return [{ finding_id: finding.id, kind: kind ?? (isCoded ? codedNodule(finding).kind : undefined), ...said }];
  });
}

function codedNodule({ id, evidence }: MeasuredFinding): Nodule {
  const { kind, diameter_mm: diameter } = evidence;
  const known = kind === 'solid' || kind === 'subsolid' || kind === 'part-solid' || kind === 'ground-glass' ? kind : undefined;
  return { finding_id: id, kind: known, ...(typeof diameter === 'number' && diameter > 0 ? { mean: diameter } : {}) };
}

/** `7 x 6 mm` as two axes, `8 mm` as a mean diameter; the first size that the words name. */
function readSize(words: string): Pick<Nodule, 'long' | 'short' | 'mean'> | undefined {
  const match = SIZE.exec(words);
  if (!match?.[1] || !match[3]) return undefined;
  const factor = match[3].toLowerCase() === 'cm' ? 10 : 1;
  const lengths = [match[1], match[2]].flatMap((text) => (text === undefined ? [] : [Number(text.replace(',', '.')) * factor]));
  const [a, b] = lengths;
  if (a === undefined) return undefined;
  return b === undefined ? { mean: a } : { long: Math.max(a, b), short: Math.min(a, b) };
}
