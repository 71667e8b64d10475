import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Nullable } from './fields.ts';

const Line = Type.String({ minLength: 1, maxLength: 300 });

/** A code of a drug, an allergen or a condition. */
export const ClinicalCode = Type.Object(
  { system: Type.Enum(['rxnorm', 'atc', 'local', 'icd10', 'snomed']), code: Type.String({ minLength: 1, maxLength: 40 }) },
  { additionalProperties: false },
);
export type ClinicalCode = Static<typeof ClinicalCode>;

export const AlertSeverity = Type.Enum(['contraindicated', 'major', 'moderate', 'minor']);
export type AlertSeverity = Static<typeof AlertSeverity>;
/** Interruptive: the prescriber should stop and read; passive: shown beside. */
export const AlertDisplay = Type.Enum(['interruptive', 'passive']);
export type AlertDisplay = Static<typeof AlertDisplay>;
export const AlertKind = Type.Enum([
  'interaction',
  'additive',
  'duplicate',
  'allergy',
  'condition',
  'dose',
  'pregnancy',
  'lactation',
  'contrast',
]);
export type AlertKind = Static<typeof AlertKind>;
/** Whose rules on contrast media hold: American College of Radiology, United States labels, European Society of Urogenital Radiology. */
export const ContrastPolicy = Type.Enum(['acr', 'fda', 'esur']);
export type ContrastPolicy = Static<typeof ContrastPolicy>;

/** What is known of the patient; what is left out is unknown, never "no". */
export const DrugSafetyPatient = Type.Object(
  {
    age_years: Type.Optional(Type.Number({ minimum: 0, maximum: 130 })),
    sex: Type.Optional(Type.Enum(['female', 'male'])),
    weight_kg: Type.Optional(Type.Number({ minimum: 0.2, maximum: 500 })),
    height_cm: Type.Optional(Type.Number({ minimum: 20, maximum: 260 })),
    /** Serum creatinine, mg/dL. */
    creatinine_mg_dl: Type.Optional(Type.Number({ minimum: 0.05, maximum: 40 })),
    /** mL/min/1.73 m2; computed from creatinine (CKD-EPI 2021) if not given. */
    egfr: Type.Optional(Type.Number({ minimum: 0, maximum: 250 })),
    acute_kidney_injury: Type.Optional(Type.Boolean()),
    dialysis: Type.Optional(Type.Boolean()),
    /** Child-Pugh class. */
    child_pugh: Type.Optional(Type.Enum(['A', 'B', 'C'])),
    pregnant: Type.Optional(Type.Boolean()),
    breastfeeding: Type.Optional(Type.Boolean()),
    /** mmol/L */
    potassium: Type.Optional(Type.Number({ minimum: 1, maximum: 10 })),
    qtc_ms: Type.Optional(Type.Number({ minimum: 200, maximum: 800 })),
  },
  { additionalProperties: false },
);
export type DrugSafetyPatient = Static<typeof DrugSafetyPatient>;

/** The examination that is done or planned. */
export const DrugSafetyExam = Type.Object(
  {
    contrast: Type.Enum(['none', 'iodinated', 'gadolinium']),
    /** Name of the contrast agent, if chosen. */
    agent: Type.Optional(Line),
    route: Type.Optional(Type.Enum(['intravenous', 'intra-arterial-first-pass', 'intra-arterial-second-pass', 'intrathecal', 'oral'])),
    modality: Type.Optional(Type.String({ maxLength: 16 })),
  },
  { additionalProperties: false },
);
export type DrugSafetyExam = Static<typeof DrugSafetyExam>;

export const DrugSafetyRequest = Type.Object(
  {
    /** One line a medication; several in one line are taken apart. */
    medications: Type.Array(Type.Union([Line, ClinicalCode]), { maxItems: 200 }),
    /** A whole list as free text, one medication a line, with numbers or bullets before them or not. */
    medication_list: Type.Optional(Type.String({ maxLength: 20_000 })),
    allergies: Type.Optional(Type.Array(Type.Union([Line, ClinicalCode]), { maxItems: 100 })),
    conditions: Type.Optional(Type.Array(Type.Union([Line, ClinicalCode]), { maxItems: 200 })),
    patient: Type.Optional(DrugSafetyPatient),
    exam: Type.Optional(DrugSafetyExam),
    policy: Type.Optional(ContrastPolicy),
  },
  { additionalProperties: false },
);
export type DrugSafetyRequest = Static<typeof DrugSafetyRequest>;

export const DrugSafetyAlert = Type.Object({
  /** The row of knowledge that fired. */
  rule_id: Type.String(),
  kind: AlertKind,
  /** International nonproprietary names; for an allergy also what the patient is allergic to. */
  drugs: Type.Array(Type.String()),
  severity: AlertSeverity,
  display: AlertDisplay,
  effect: Type.String(),
  mechanism: Nullable(Type.String()),
  management: Type.String(),
  /** What the rule rests on: label, guideline, trial, case-series, theory. */
  evidence: Type.String(),
  citation: Type.String(),
  /** Facts that are not known and that the rule depends on: it fired because they could be so. */
  depends_on: Type.Array(Type.String()),
  source: Type.String(),
  /** The hospital changed severity or display of the rule. */
  override: Type.Optional(Type.Object({ reason: Type.String(), approved_by: Type.String() })),
});
export type DrugSafetyAlert = Static<typeof DrugSafetyAlert>;

/** A medication as it was understood. */
export const UnderstoodMedication = Type.Object({
  text: Type.String(),
  drugs: Type.Array(Type.String()),
  /** Amount of one dose in mg; null if not stated or not in a mass. */
  dose_mg: Nullable(Type.Number()),
  doses_per_day: Nullable(Type.Number()),
  route: Nullable(Type.String()),
  as_needed: Type.Boolean(),
  /** The line says that it is stopped, paused or not taken: no rule was asked about it. */
  not_taken: Type.Boolean(),
  /** The name was misspelled: what it was taken for has to be confirmed. */
  corrected: Type.Boolean(),
  /** Words of the line that nothing was made of. */
  unread: Type.Array(Type.String()),
});
export type UnderstoodMedication = Static<typeof UnderstoodMedication>;

export const DrugSafetyResult = Type.Object({
  alerts: Type.Array(DrugSafetyAlert),
  /** What no rule was asked about, and why. Silence about these says nothing. */
  not_checked: Type.Array(Type.Object({ text: Type.String(), reason: Type.String() })),
  medications: Type.Array(UnderstoodMedication),
  knowledge: Type.Array(Type.Object({ source: Type.String(), version: Type.String(), valid_from: Type.String() })),
  /** Sources that switched themselves off, and why: nothing of them was asked. */
  knowledge_off: Type.Array(Type.Object({ source: Type.String(), version: Type.String(), reason: Type.String() })),
  disclaimer: Type.String(),
});
export type DrugSafetyResult = Static<typeof DrugSafetyResult>;

export const checkDrugSafety = endpoint({
  method: 'POST',
  path: '/api/v1/drug-safety/check',
  summary:
    'Checks medications against each other, allergies, conditions, doses and the planned contrast examination (A-04). Nothing is stored',
  permission: 'drug-safety:check',
  body: DrugSafetyRequest,
  response: DrugSafetyResult,
});
