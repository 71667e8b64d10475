import type { RecordEntry } from '../../contract/patient-record.ts';

type Resource = { resourceType: string; id: string } & Record<string, unknown>;
type Parts = Record<string, unknown>;

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const VERIFICATION = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
const ALLERGY_CLINICAL = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
const ALLERGY_VERIFICATION = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification';
const UCUM = 'http://unitsofmeasure.org';

/** A fact of the structured record as a FHIR R4 resource, with the codes that it was recorded with. @param subject a Reference */
export function recordResource(entry: RecordEntry, subject: object): Resource {
  switch (entry.kind) {
    case 'condition':
      return { resourceType: 'Condition', id: entry.id, ...condition(entry), subject };
    case 'allergy':
      return { resourceType: 'AllergyIntolerance', id: entry.id, ...allergy(entry), patient: subject };
    case 'medication':
      return { resourceType: 'MedicationStatement', id: entry.id, ...medication(entry), subject };
    case 'observation':
      return { resourceType: 'Observation', id: entry.id, ...observation(entry), subject };
    case 'procedure':
      return { resourceType: 'Procedure', id: entry.id, ...procedure(entry), subject };
    case 'immunization':
      return { resourceType: 'Immunization', id: entry.id, ...immunization(entry), patient: subject };
  }
}

function condition(entry: RecordEntry): Parts {
  const { details } = entry;
  return {
    ...verified(entry, { clinical: CLINICAL, verification: VERIFICATION }),
    code: concept(entry),
    ...said('severity', details['severity'], (text) => ({ text })),
    ...said('bodySite', details['body_site'], (text) => [{ text }]),
    ...dated(entry, { start: 'onsetDateTime', end: 'abatementDateTime' }),
    recordedDate: entry.recorded_at,
  };
}

function allergy(entry: RecordEntry): Parts {
  const { reaction, severity, criticality, type } = entry.details;
  return {
    ...verified(entry, { clinical: ALLERGY_CLINICAL, verification: ALLERGY_VERIFICATION }),
    ...said('type', type),
    ...said('criticality', criticality),
    code: concept(entry),
    ...(entry.started_at ? { onsetDateTime: entry.started_at } : {}),
    recordedDate: entry.recorded_at,
    ...(reaction ? { reaction: [{ manifestation: [{ text: reaction }], ...said('severity', severity) }] } : {}),
  };
}

/** What is refuted has no clinical status: that it was found not to be so says all. */
function verified({ status, details }: RecordEntry, systems: { clinical: string; verification: string }): Parts {
  const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
  if (status === 'refuted') return { verificationStatus: coded(systems.verification, 'refuted') };
  const { verification } = details;
  return {
    ...(status === 'unknown' ? {} : { clinicalStatus: coded(systems.clinical, status) }),
    ...(verification && verification !== 'refuted' ? { verificationStatus: coded(systems.verification, verification) } : {}),
  };
}

const MEDICATION_STATUS = {
  active: 'active',
  inactive: 'stopped',
  resolved: 'completed',
  refuted: 'not-taken',
  unknown: 'unknown',
} as const satisfies Record<RecordEntry['status'], string>;

function medication(entry: RecordEntry): Parts {
  const { dose_text, route, frequency } = entry.details;
  const dosage = {
    ...said('text', dose_text),
    ...said('route', route, (text) => ({ text })),
    ...said('timing', frequency, (text) => ({ code: { text } })),
  };
  return {
    status: MEDICATION_STATUS[entry.status],
    medicationCodeableConcept: concept(entry),
    ...period(entry, 'effective'),
    ...(Object.keys(dosage).length > 0 ? { dosage: [dosage] } : {}),
  };
}

function observation(entry: RecordEntry): Parts {
  const { value, unit, value_text } = entry;
  const quantity = { value, ...(unit ? { unit, system: UCUM, code: unit } : {}) };
  return {
    status: entry.status === 'refuted' ? 'cancelled' : entry.status === 'unknown' ? 'unknown' : 'final',
    code: concept(entry),
    ...period(entry, 'effective'),
    ...(value !== null ? { valueQuantity: quantity } : value_text !== null ? { valueString: value_text } : {}),
  };
}

function procedure(entry: RecordEntry): Parts {
  const states = { active: 'in-progress', inactive: 'stopped', resolved: 'completed', refuted: 'not-done', unknown: 'unknown' } as const;
  return { status: states[entry.status], code: concept(entry), ...period(entry, 'performed') };
}

function immunization(entry: RecordEntry): Parts {
  return {
    status: entry.status === 'refuted' ? 'not-done' : 'completed',
    vaccineCode: concept(entry),
    ...(entry.started_at ? { occurrenceDateTime: entry.started_at } : { occurrenceString: 'unknown' }),
    ...said('lotNumber', entry.details['lot_number']),
  };
}

function concept({ codes, text }: RecordEntry): Parts {
  const coding = codes.map(({ system, ...code }) => ({ ...(system ? { system } : {}), ...code }));
  return { ...(coding.length > 0 ? { coding } : {}), text };
}

function dated({ started_at, ended_at }: RecordEntry, names: { start: string; end: string }): Parts {
  return { ...(started_at ? { [names.start]: started_at } : {}), ...(ended_at ? { [names.end]: ended_at } : {}) };
}

/** `effectiveDateTime`, or `effectivePeriod` where there is an end. */
function period({ started_at, ended_at }: RecordEntry, name: string): Parts {
  if (ended_at) return { [`${name}Period`]: { ...(started_at ? { start: started_at } : {}), end: ended_at } };
  return started_at ? { [`${name}DateTime`]: started_at } : {};
}

function said(name: string, text: string | undefined, of: (text: string) => unknown = (same) => same): Parts {
  return text ? { [name]: of(text) } : {};
}
