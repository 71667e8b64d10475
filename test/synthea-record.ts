import { randomUUID } from 'node:crypto';
import type { RecordEntry } from '../src/contract/patient-record.ts';
import { dataFile } from './data.ts';

type Concept = { coding?: { system: string; code: string; display?: string }[]; text?: string };
type Quantity = { value: number; unit?: string; code?: string };
type Resource = {
  resourceType: string;
  code?: Concept;
  medicationCodeableConcept?: Concept;
  vaccineCode?: Concept;
  birthDate?: string;
  gender?: string;
  status?: string;
  clinicalStatus?: Concept | string;
  onsetDateTime?: string;
  abatementDateTime?: string;
  effectiveDateTime?: string;
  authoredOn?: string;
  assertedDate?: string;
  recordedDate?: string;
  performedPeriod?: { start: string; end?: string };
  date?: string;
  valueQuantity?: Quantity;
  valueCodeableConcept?: Concept;
  component?: { code: Concept; valueQuantity?: Quantity }[];
};

/** A synthetic patient of Synthea as entries of a record, as far as the tests of histories need it. */
export function syntheaRecord(file: string): { birthDate: string; sex: string; entries: RecordEntry[] } {
  const bundle = JSON.parse(Buffer.from(dataFile('synthea-r4', file)).toString('utf8')) as { entry: { resource: Resource }[] };
  const resources = bundle.entry.map(({ resource }) => resource);
  const patient = resources.find(({ resourceType }) => resourceType === 'Patient');
  return { birthDate: patient?.birthDate ?? '', sex: patient?.gender ?? '', entries: resources.flatMap(entriesOf) };
}

const KINDS: Record<string, RecordEntry['kind']> = {
  Condition: 'condition',
  AllergyIntolerance: 'allergy',
  MedicationRequest: 'medication',
  Observation: 'observation',
  Procedure: 'procedure',
  Immunization: 'immunization',
};
const STATUS: Record<string, RecordEntry['status']> = {
  active: 'active',
  recurrence: 'active',
  resolved: 'resolved',
  remission: 'resolved',
  inactive: 'inactive',
  stopped: 'inactive',
  completed: 'inactive',
};

function entriesOf(resource: Resource): RecordEntry[] {
  const kind = KINDS[resource.resourceType];
  const concept = resource.code ?? resource.medicationCodeableConcept ?? resource.vaccineCode;
  if (!kind || !concept) return [];
  const clinical = typeof resource.clinicalStatus === 'string' ? resource.clinicalStatus : resource.clinicalStatus?.coding?.[0]?.code;
  const base = {
    kind,
    status: STATUS[clinical ?? resource.status ?? ''] ?? 'unknown',
    started_at:
      resource.onsetDateTime ??
      resource.effectiveDateTime ??
      resource.authoredOn ??
      resource.performedPeriod?.start ??
      resource.assertedDate ??
      resource.recordedDate ??
      resource.date ??
      null,
    ended_at: resource.abatementDateTime ?? null,
    details: {},
    source: 'fhir' as const,
    source_id: null,
    recorded_at: '2026-01-01T00:00:00.000Z',
  };
  const measured = resource.component ?? [{ code: concept, ...(resource.valueQuantity ? { valueQuantity: resource.valueQuantity } : {}) }];
  return measured.map(({ code, valueQuantity }) => ({
    ...base,
    id: randomUUID(),
    codes: (code.coding ?? []).map(({ system, code: value, display }) => ({ system, code: value, ...(display ? { display } : {}) })),
    text: code.coding?.[0]?.display ?? code.text ?? '',
    value: valueQuantity?.value ?? null,
    unit: valueQuantity?.code ?? valueQuantity?.unit ?? null,
    value_text: resource.valueCodeableConcept?.coding?.[0]?.display ?? null,
  }));
}
