import { createHash } from 'node:crypto';
import { AppError, type FieldError } from '../platform/errors.ts';
import { READERS, type Resolve } from './fhir-entries.ts';
import type { Fact } from './fhir-facts.ts';
import { type PatientSource, readPatient } from './fhir-patient.ts';
import { child, children, type Element, elementOf, fault, requiredText, textAt } from './fhir-reader.ts';

/** More than any record of one patient has. */
const MAX_RESOURCES = 50_000;
const MAX_ID = 128;

/** A fact with the name by which its source knows it; `base` is that of the whole resource. */
export type SourcedFact = { base: string; sourceId: string; fact: Fact };
export type ReadBundle = {
  patient: PatientSource | undefined;
  facts: SourcedFact[];
  /** Names of resources that say something of a patient, without a fact: entered in error. */
  bases: Set<string>;
  ignored: Record<string, number>;
};

/**
 * Reads a FHIR R4 bundle of one patient.
 *
 * @throws {AppError} `invalid-request` whose fields are the FHIR paths of what is wrong, as `Bundle.entry[3].resource.code`
 */
export function readBundle(json: unknown, issuer: string): ReadBundle {
  const faults: FieldError[] = [];
  const bundle = elementOf(json, { path: 'Bundle', faults });
  const read = bundle && bundleOf(bundle, issuer);
  if (!read || faults.length > 0) throw malformed(faults);
  return read;
}

export function malformed(fields: FieldError[]): AppError {
  return new AppError('invalid-request', 'The bundle is not one that can be taken; nothing of it was', { fields });
}

function bundleOf(bundle: Element, issuer: string): ReadBundle | undefined {
  if (bundle.value['resourceType'] !== 'Bundle') return fault(bundle, 'Bundle.resourceType', 'must be Bundle');
  const entries = children(bundle, 'entry');
  if (entries.length > MAX_RESOURCES) return fault(bundle, 'Bundle.entry', `has more than ${MAX_RESOURCES} resources`);
  const resources = entries.flatMap((entry) => {
    const resource = child(entry, 'resource');
    if (!resource) {
      if (entry.value['resource'] === undefined) fault(entry, `${entry.path}.resource`, 'is missing');
      return [];
    }
    const type = requiredText(resource, 'resourceType', 64);
    return [{ type, resource, fullUrl: textAt(entry, 'fullUrl', 1_000) }];
  });
  const patients = resources.filter(({ type }) => type === 'Patient');
  const [, second] = patients;
  if (second) return fault(bundle, second.resource.path, 'is a second patient; a bundle is of one');
  const isSubject = subjectTest(patients[0]);
  const resolve = resolver(resources);
  const read: ReadBundle = {
    patient: patients[0] && readPatient(patients[0].resource, issuer),
    facts: [],
    bases: new Set(),
    ignored: {},
  };
  for (const { type, resource } of resources) {
    const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
    if (reader) {
      isSubject(resource, type);
      addFacts(read, { base: baseOf(resource, type), facts: reader(resource, resolve), resource });
    } else if (type !== 'Patient') read.ignored[type] = (read.ignored[type] ?? 0) + 1;
  }
  return read;
}

function addFacts(read: ReadBundle, { base, facts, resource }: { base: string; facts: Fact[]; resource: Element }): void {
  if (read.bases.has(base)) fault(resource, `${resource.path}.id`, 'stands in the bundle twice');
  read.bases.add(base);
  for (const [index, fact] of facts.entries()) read.facts.push({ base, sourceId: facts.length === 1 ? base : `${base}#${index}`, fact });
}

/** `Condition/123`; of a resource without an id what its content gives, so that the same content is the same resource. */
function baseOf(resource: Element, type: string): string {
  const id = textAt(resource, 'id', MAX_ID);
  return `${type}/${id ?? `sha256-${createHash('sha256').update(JSON.stringify(resource.value)).digest('hex').slice(0, 32)}`}`;
}

type Held = { type: string; resource: Element; fullUrl: string | undefined };

/** Whether a resource is about the patient of the bundle; where there is none, about the same as all others. */
function subjectTest(patient: Held | undefined): (resource: Element, type: string) => void {
  let only: string | undefined;
  const id = patient?.resource.value['id'];
  const names = new Set([patient?.fullUrl, typeof id === 'string' ? `Patient/${id}` : undefined].filter((name) => name !== undefined));
  return (resource, type) => {
    const name = type === 'AllergyIntolerance' || type === 'Immunization' ? 'patient' : 'subject';
    const subject = child(resource, name);
    if (!subject) {
      if (resource.value[name] === undefined) fault(resource, `${resource.path}.${name}`, 'is missing');
      return;
    }
    const reference = requiredText(subject, 'reference', 1_000);
    only ??= reference;
    const isSame = patient ? names.has(reference) || names.has(reference.split('/').slice(-2).join('/')) : reference === only;
    if (reference && !isSame) fault(subject, `${subject.path}.reference`, 'names another patient');
  };
}

function resolver(resources: readonly Held[]): Resolve {
  const known = new Map<string, Element>();
  for (const { type, resource, fullUrl } of resources) {
    if (fullUrl !== undefined) known.set(fullUrl, resource);
    const { id } = resource.value;
    if (typeof id === 'string') known.set(`${type}/${id}`, resource);
  }
  return (reference, from) =>
    reference.startsWith('#') ? children(from, 'contained').find(({ value }) => value['id'] === reference.slice(1)) : known.get(reference);
}
