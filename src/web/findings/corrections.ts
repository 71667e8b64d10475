import {
  CORRECTABLE_NUMBERS,
  CORRECTABLE_WORDS,
  CORRECTION_LIMITS,
  type Finding,
  type FindingCorrections,
} from '../../contract/findings.ts';

export type CorrectableNumber = (typeof CORRECTABLE_NUMBERS)[number];
export type CorrectableWord = keyof typeof CORRECTABLE_WORDS;
/** As typed or chosen, for what the model gave. */
export type Typed = Partial<Record<CorrectableNumber | CorrectableWord, string>>;

const NUMBER = /^-?\d+([.,]\d+)?$/;

/** What of a finding can be corrected, with its present values. */
export function typedOf({ evidence }: Pick<Finding, 'evidence'>): Typed {
  const typed: Typed = {};
  for (const name of CORRECTABLE_NUMBERS) {
    const value = evidence[name];
    if (typeof value === 'number') typed[name] = String(Math.round(value * 10) / 10);
  }
  for (const name of Object.keys(CORRECTABLE_WORDS) as CorrectableWord[]) {
    const value = evidence[name];
    if (typeof value === 'string') typed[name] = value;
  }
  return typed;
}

/** The limits that the server holds a number to. */
export function limitsOf(name: CorrectableNumber): { min: number; max: number } {
  const limits = CORRECTION_LIMITS[name];
  return { min: 'minimum' in limits ? limits.minimum : limits.exclusiveMinimum, max: limits.maximum };
}

/** Whether a number is none, or lies beyond what it can be. */
export function isWrong(name: CorrectableNumber, typed: string): boolean {
  const value = numberOf(typed);
  if (value === undefined) return true;
  const { min, max } = limitsOf(name);
  return value > max || value < min || ('exclusiveMinimum' in CORRECTION_LIMITS[name] && value === min);
}

/** What differs from what the model said: a decision starts from that, not from an earlier one. */
export function correctionsOf(finding: Pick<Finding, 'evidence' | 'proposed'>, typed: Typed): FindingCorrections {
  const said = typedOf({ evidence: finding.proposed?.evidence ?? finding.evidence });
  const now = typedOf(finding);
  const present = finding.evidence;
  const changed = Object.entries(typed).flatMap(([name, text]): [string, unknown][] => {
    // The model's own number is not rounded away by a form that shows fewer digits of it.
    if (text === said[name as keyof Typed]) return [];
    if (text === now[name as keyof Typed]) return [[name, present[name]]];
    return [[name, CORRECTABLE_NUMBERS.some((number) => number === name) ? numberOf(text) : text]];
  });
  // Names and values are those of the schema, which the server checks once more.
  return Object.fromEntries(changed) as FindingCorrections;
}

function numberOf(typed: string): number | undefined {
  const text = typed.trim();
  return NUMBER.test(text) ? Number(text.replace(',', '.')) : undefined;
}
