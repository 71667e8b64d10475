import type { AlertDisplay, AlertKind, AlertSeverity, ContrastPolicy } from '../../contract/drug-safety.ts';

export type Drug = {
  id: string;
  /** International nonproprietary name. */
  inn: string;
  /** Other generic names, brand names, misspellings that are common. */
  names: readonly string[];
  rxcui: string | null;
  atc: readonly string[];
  /** Every class that the drug is in. */
  classes: readonly string[];
  /** Ingredients of a fixed combination (ids); empty for a single ingredient. */
  parts: readonly string[];
};

export type DrugClass = { id: string; name: string };

/** What a side of a rule names. */
export type Target = { type: 'drug' | 'class' | 'atc' | 'rxcui'; code: string };

/** What a hospital decided about a rule, approved by a second person. `severity`, `display`: null leaves it as the rule has it. */
export type RuleOverride = {
  rule_id: string;
  severity: AlertSeverity | null;
  display: AlertDisplay | 'off' | null;
  reason: string;
  approved_by: string;
};

type Rule = {
  id: string;
  severity: AlertSeverity;
  display: AlertDisplay | 'off';
  effect: string;
  mechanism: string | null;
  management: string;
  evidence: string;
  citation: string;
  /** `age>=65 and egfr<30`; empty: always. */
  condition: string;
};
export type InteractionRule = Rule & { a: Target; b: Target };
/** Fires for `minCount` or more different drugs of one class at once. */
export type AdditiveRule = Rule & { class: string; minCount: number };
/** ICD-10 prefixes and words of free text that name the condition. */
export type ConditionRule = Rule & {
  target: Target;
  kind: Extract<AlertKind, 'condition' | 'pregnancy' | 'lactation'>;
  icd10: readonly string[];
  words: readonly string[];
};
export type DoseRule = Rule & {
  drug: string;
  route: string | null;
  /** mg; null: no limit in this row. */
  maxSingleMg: number | null;
  maxDailyMg: number | null;
  maxSingleMgPerKg: number | null;
  maxDailyMgPerKg: number | null;
};
/** Allergens that an entry of the record may name, and the drugs it speaks of. */
export type AllergyRule = Rule & { group: string; words: readonly string[]; allergen: readonly Target[]; alertsFor: readonly Target[] };
export type ContrastRule = Rule & {
  policy: ContrastPolicy | 'all';
  contrast: 'iodinated' | 'gadolinium';
  routes: readonly string[];
  /** A drug that the patient takes, or an agent that is to be given. */
  target: Target | null;
  agent: Target | null;
  icd10: readonly string[];
  words: readonly string[];
};

/** A pair that is not worth an interruption (Phansalkar 2013), whatever the rule that found it says; ONC high-priority rules stand above. */
export type LowPriority = { id: string; a: Target; b: Target; citation: string };

export type KnowledgeTables = {
  source: string;
  version: string;
  validFrom: string;
  /** The last day on which the source may be used; null: it does not say. */
  validUntil: string | null;
  /** Drugs of other sources that are put into classes of this one. */
  members: readonly { class: string; drug: string }[];
  drugs: readonly Drug[];
  classes: readonly DrugClass[];
  interactions: readonly InteractionRule[];
  additive: readonly AdditiveRule[];
  conditions: readonly ConditionRule[];
  doses: readonly DoseRule[];
  allergies: readonly AllergyRule[];
  contrast: readonly ContrastRule[];
  lowPriority: readonly LowPriority[];
};
