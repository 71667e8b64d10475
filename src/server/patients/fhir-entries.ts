import type { RecordEntry, RecordKind } from '../../contract/patient-record.ts';
import {
  type Concept,
  child,
  children,
  codeAt,
  conceptCodeAt,
  conceptOf,
  dateAt,
  type Element,
  fault,
  numberAt,
  requiredText,
  textAt,
  wordsAt,
  wordsOfAll,
} from './fhir-reader.ts';

/** What a resource says, without what the record gives it. */
export type Fact = Omit<RecordEntry, 'id' | 'source' | 'source_id' | 'recorded_at'>;
/** The facts of a resource; none of one that was entered in error. */
export type Facts = Fact[];
/** Finds what a reference names, within the bundle or the resource. */
export type Resolve = (reference: string, from: Element) => Element | undefined;
type Status = RecordEntry['status'];
type Details = Record<string, string | undefined>;

const NOTHING = { started_at: null, ended_at: null, value: null, unit: null, value_text: null };

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

function readObservation(of: Element): Facts {
  const states = ['registered', 'preliminary', 'final', 'amended', 'corrected', 'cancelled', 'entered-in-error', 'unknown'] as const;
  if (of.value['status'] === undefined) fault(of, `${of.path}.status`, 'is missing');
  const state = codeAt(of, 'status', states);
  // What was called off was never observed.
  if (state === 'entered-in-error' || state === 'cancelled') return [];
  const concept = requiredConcept(of, 'code');
  const common = {
    status: state === 'final' || state === 'amended' || state === 'corrected' ? ('active' as const) : ('unknown' as const),
    started_at: dateOrStart(of, 'effective') ?? dateAt(of, 'effectiveInstant') ?? null,
    ended_at: endOf(of, 'effectivePeriod'),
  };
  const details = {
    category: wordsOfAll(of, 'category'),
    body_site: wordsAt(of, 'bodySite'),
    interpretation: wordsOfAll(of, 'interpretation'),
  };
  const components = children(of, 'component');
  const parts = components.map((component) =>
    factOf('observation', requiredConcept(component, 'code'), {
      ...common,
      ...valueIn(component),
      details: { ...details, panel: concept.text, data_absent_reason: wordsAt(component, 'dataAbsentReason') },
    }),
  );
  const whole = factOf('observation', concept, {
    ...common,
    ...valueIn(of),
    details: { ...details, data_absent_reason: wordsAt(of, 'dataAbsentReason') },
  });
  // A panel alone says nothing that its parts do not say.
  const says = whole.value !== null || whole.value_text !== null || components.length === 0;
  return [...(says ? [whole] : []), ...parts];
}

/** The value of an observation, whichever its type. */
function valueIn(of: Element): Pick<Fact, 'value' | 'unit' | 'value_text'> {
  const quantity = child(of, 'valueQuantity');
  if (quantity) {
    const value = numberAt(quantity, 'value') ?? null;
    const unit = textAt(quantity, 'code', 64) ?? textAt(quantity, 'unit', 64) ?? null;
    const comparator = codeAt(quantity, 'comparator', ['<', '<=', '>=', '>']);
    // A bound is not a value to reckon with.
    return comparator && value !== null ? { value: null, unit, value_text: `${comparator}${value}` } : { value, unit, value_text: null };
  }
  const concept = child(of, 'valueCodeableConcept');
  if (concept) return words(conceptOf(concept).text);
  const number = numberAt(of, 'valueInteger');
  if (number !== undefined) return { value: number, unit: null, value_text: null };
  const text = textAt(of, 'valueString') ?? textAt(of, 'valueDateTime') ?? textAt(of, 'valueTime');
  if (text !== undefined) return words(text);
  const truth = of.value['valueBoolean'];
  if (typeof truth === 'boolean') return words(truth ? 'yes' : 'no');
  const bounds = child(of, 'valueRange') ?? child(of, 'valueRatio');
  if (!bounds) return { value: null, unit: null, value_text: null };
  const pair = ['low', 'high', 'numerator', 'denominator'].flatMap((name) => child(bounds, name) ?? []);
  return words(pair.map((part) => `${numberAt(part, 'value') ?? '?'} ${textAt(part, 'unit', 64) ?? ''}`.trim()).join(' – '));
}

function words(text: string): Pick<Fact, 'value' | 'unit' | 'value_text'> {
  return { value: null, unit: null, value_text: text };
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

function requiredConcept(of: Element, name: string): Concept {
  const concept = child(of, name);
  if (concept) return conceptOf(concept);
  if (of.value[name] === undefined) fault(of, `${of.path}.${name}`, 'is missing');
  return { codes: [], text: '' };
}

/** `onsetDateTime`, or the start of `onsetPeriod`. */
function dateOrStart(of: Element, name: string): string | null {
  const period = child(of, `${name}Period`);
  return dateAt(of, `${name}DateTime`) ?? (period && dateAt(period, 'start')) ?? null;
}

function endOf(of: Element, name: string): string | null {
  const period = child(of, name);
  return (period && dateAt(period, 'end')) ?? null;
}

type Rest = Partial<Omit<Fact, 'details'>> & { status: Status; details: Details };

function factOf(kind: RecordKind, { codes, text }: Concept, { details, ...rest }: Rest): Fact {
  const known = Object.entries(details).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...NOTHING, kind, codes, text, ...rest, details: Object.fromEntries(known) };
}
