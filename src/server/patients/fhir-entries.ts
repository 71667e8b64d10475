import { dateOrStart, endOf, type Facts, factOf, requiredConcept, type Status } from './fhir-facts.ts';
import { readObservation } from './fhir-observation.ts';
import {
  type Concept,
  child,
  children,
  codeAt,
  conceptCodeAt,
  dateAt,
  type Element,
  fault,
  numberAt,
  requiredText,
  textAt,
  wordsAt,
  wordsOfAll,
} from './fhir-reader.ts';

/** Finds what a reference names, within the bundle or the resource. */
export type Resolve = (reference: string, from: Element) => Element | undefined;

/** The resources that the record has a place for (http://hl7.org/fhir/R4/resourcelist.html), and how they are read. */
export const READERS: Readonly<Record<string, (resource: Element, resolve: Resolve) => Facts>> = {
  Condition: readCondition,
  AllergyIntolerance: readAllergy,
  MedicationRequest: (resource, resolve) => readMedication(resource, resolve, REQUEST),
  MedicationStatement: (resource, resolve) => readMedication(resource, resolve, STATEMENT),
  Observation: readObservation,
  Procedure: readProcedure,
  Immunization: readImmunization,
};

function readCondition(of: Element): Facts {
  const verified = verificationOf(of);
  if (verified === 'entered-in-error') return [];
  const clinical = conceptCodeAt(of, 'clinicalStatus', ['active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved']);
  const details = { severity: wordsAt(of, 'severity'), body_site: wordsOfAll(of, 'bodySite'), category: wordsOfAll(of, 'category') };
  return [
    factOf('condition', requiredConcept(of, 'code'), {
      status: verified === 'refuted' ? 'refuted' : statusOf(clinical),
      started_at: dateOrStart(of, 'onset'),
      ended_at: dateOrStart(of, 'abatement'),
      details: { ...details, verification: verified, onset: textAt(of, 'onsetString') },
    }),
  ];
}

function readAllergy(of: Element): Facts {
  const verified = verificationOf(of);
  if (verified === 'entered-in-error') return [];
  const clinical = conceptCodeAt(of, 'clinicalStatus', ['active', 'inactive', 'resolved']);
  const reactions = children(of, 'reaction');
  const said = reactions.map((reaction) => wordsOfAll(reaction, 'manifestation')).filter((text) => text !== undefined);
  const severities = reactions.map((reaction) => codeAt(reaction, 'severity', ['mild', 'moderate', 'severe']));
  return [
    factOf('allergy', requiredConcept(of, 'code'), {
      status: verified === 'refuted' ? 'refuted' : statusOf(clinical),
      started_at: dateOrStart(of, 'onset'),
      details: {
        reaction: said.join('; ').slice(0, 2_000) || undefined,
        severity: (['severe', 'moderate', 'mild'] as const).find((severity) => severities.includes(severity)),
        criticality: codeAt(of, 'criticality', ['low', 'high', 'unable-to-assess']),
        type: codeAt(of, 'type', ['allergy', 'intolerance']),
        verification: verified,
      },
    }),
  ];
}

/** How the two resources that tell of medication differ. */
type MedicationForm = { status: Readonly<Record<string, Status>>; dosage: string; started: (of: Element) => string | null };
const REQUEST: MedicationForm = {
  status: {
    active: 'active',
    'on-hold': 'inactive',
    cancelled: 'inactive',
    stopped: 'inactive',
    completed: 'resolved',
    draft: 'unknown',
    unknown: 'unknown',
  },
  dosage: 'dosageInstruction',
  started: (of) => dateAt(of, 'authoredOn') ?? null,
};
const STATEMENT: MedicationForm = {
  status: {
    active: 'active',
    'on-hold': 'inactive',
    stopped: 'inactive',
    completed: 'resolved',
    'not-taken': 'refuted',
    intended: 'unknown',
    unknown: 'unknown',
  },
  dosage: 'dosage',
  started: (of) => dateOrStart(of, 'effective'),
};

function readMedication(of: Element, resolve: Resolve, form: MedicationForm): Facts {
  const given = codeAt(of, 'status', [...Object.keys(form.status), 'entered-in-error']);
  if (of.value['status'] === undefined) fault(of, `${of.path}.status`, 'is missing');
  if (given === 'entered-in-error') return [];
  const [dosage] = children(of, form.dosage);
  const repeat = dosage && child(dosage, 'timing');
  const forbids = of.value['doNotPerform'] === true;
  return [
    factOf('medication', medicationOf(of, resolve), {
      // An order not to give something is no medication that is taken.
      status: forbids ? 'inactive' : (form.status[given ?? ''] ?? 'unknown'),
      started_at: form.started(of),
      ended_at: endOf(of, 'effectivePeriod'),
      details: {
        dose_text: dosage && (textAt(dosage, 'text') ?? doseOf(dosage)),
        route: dosage && wordsAt(dosage, 'route'),
        frequency: repeat && (wordsAt(repeat, 'code') ?? frequencyOf(repeat)),
        intent: textAt(of, 'intent', 64),
        do_not_perform: forbids ? 'true' : undefined,
        reason: wordsOfAll(of, 'reasonCode'),
      },
    }),
  ];
}

/** Named in the resource itself, or by a Medication within it or beside it. */
function medicationOf(of: Element, resolve: Resolve): Concept {
  const reference = child(of, 'medicationReference');
  if (!reference) return requiredConcept(of, 'medicationCodeableConcept');
  const name = requiredText(reference, 'reference', 1_000);
  const medication = name ? resolve(name, of) : undefined;
  if (medication) return requiredConcept(medication, 'code');
  const display = textAt(reference, 'display');
  if (display === undefined) fault(of, `${reference.path}.reference`, 'names nothing in the bundle');
  return { codes: [], text: display ?? '' };
}

function doseOf(dosage: Element): string | undefined {
  const [rate] = children(dosage, 'doseAndRate');
  const quantity = rate && child(rate, 'doseQuantity');
  if (!quantity) return undefined;
  return [numberAt(quantity, 'value'), textAt(quantity, 'unit', 64)].filter((part) => part !== undefined).join(' ') || undefined;
}

function frequencyOf(timing: Element): string | undefined {
  const repeat = child(timing, 'repeat');
  if (!repeat) return undefined;
  const [frequency, period] = [numberAt(repeat, 'frequency'), numberAt(repeat, 'period')];
  const unit = textAt(repeat, 'periodUnit', 8);
  return period === undefined || unit === undefined ? undefined : `${frequency ?? 1} per ${period} ${unit}`;
}

function readProcedure(of: Element): Facts {
  const states = {
    preparation: 'unknown',
    'in-progress': 'active',
    'not-done': 'refuted',
    'on-hold': 'inactive',
    stopped: 'inactive',
    completed: 'resolved',
    unknown: 'unknown',
  } as const;
  const state = stateOf(of, states);
  if (state === undefined) return [];
  return [
    factOf('procedure', requiredConcept(of, 'code'), {
      status: state,
      started_at: dateOrStart(of, 'performed'),
      ended_at: endOf(of, 'performedPeriod'),
      details: { body_site: wordsOfAll(of, 'bodySite'), outcome: wordsAt(of, 'outcome'), reason: wordsOfAll(of, 'reasonCode') },
    }),
  ];
}

function readImmunization(of: Element): Facts {
  const state = stateOf(of, { completed: 'resolved', 'not-done': 'refuted' });
  if (state === undefined) return [];
  return [
    factOf('immunization', requiredConcept(of, 'vaccineCode'), {
      status: state,
      started_at: dateAt(of, 'occurrenceDateTime') ?? null,
      details: { lot_number: textAt(of, 'lotNumber', 255), route: wordsAt(of, 'route'), body_site: wordsAt(of, 'site') },
    }),
  ];
}

/** Undefined for what was entered in error. */
function stateOf(of: Element, states: Readonly<Record<string, Status>>): Status | undefined {
  if (of.value['status'] === undefined) fault(of, `${of.path}.status`, 'is missing');
  const given = codeAt(of, 'status', [...Object.keys(states), 'entered-in-error']);
  return given === 'entered-in-error' ? undefined : (states[given ?? ''] ?? 'unknown');
}

function verificationOf(of: Element) {
  return conceptCodeAt(of, 'verificationStatus', [
    'confirmed',
    'unconfirmed',
    'provisional',
    'differential',
    'refuted',
    'entered-in-error',
  ]);
}

function statusOf(clinical: string | undefined): Status {
  switch (clinical) {
    case 'active':
    case 'recurrence':
    case 'relapse':
      return 'active';
    case 'inactive':
    case 'remission':
      return 'inactive';
    case 'resolved':
      return 'resolved';
    default:
      return 'unknown';
  }
}
