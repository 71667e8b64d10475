import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordEntry } from '../../src/contract/patient-record.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { uid } from '../builders.ts';
import { bundleOf, coded, condition, patient, type Resource, sendBundle, subject } from './patients-fhir-parts.ts';
import { arrive, fieldsOf, makePatient } from './patients-parts.ts';

const SYNTHEA = fileURLToPath(new URL('../../../shared/data/synthea-r4', import.meta.url));
const MARIA = { patient_id: 'MRN-1', name_parts: { family: 'Garcia', given: 'Maria' }, date_of_birth: '1970-02-03' };

let app: TestApp;
beforeEach(async () => {
  app = await openTestApp();
});
afterEach(() => app.close());

const send = (bundle: unknown, path?: string) => sendBundle(app, bundle, path);

async function recordOf(key: string): Promise<RecordEntry[]> {
  return (await app.inject({ url: `/api/v1/patients/${key}/record`, query: { limit: '500' } })).json().items;
}

describe('importing FHIR', () => {
  it('keeps codes, states and values of every kind, and reads a second time without a change', async () => {
    const bundle = bundleOf(
      condition('c1', { onsetDateTime: '2019-05', clinicalStatus: coded('resolved'), abatementDateTime: '2020' }),
      condition('c2', { verificationStatus: coded('refuted'), clinicalStatus: undefined }),
      condition('c3', { verificationStatus: coded('entered-in-error'), clinicalStatus: undefined }),
      {
        resourceType: 'AllergyIntolerance',
        id: 'a1',
        patient: subject,
        code: { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '7980', display: 'Penicillin G' }] },
        criticality: 'high',
        reaction: [{ manifestation: [{ text: 'Hives' }], severity: 'moderate' }],
      },
      {
        resourceType: 'MedicationRequest',
        id: 'm1',
        status: 'active',
        intent: 'order',
        subject,
        contained: [{ resourceType: 'Medication', id: 'inner', code: { text: 'Ramipril 5 mg' } }],
        medicationReference: { reference: '#inner' },
        dosageInstruction: [{ text: '1-0-0' }],
      },
      {
        resourceType: 'MedicationStatement',
        id: 'm2',
        status: 'completed',
        subject,
        medicationReference: { reference: 'Medication/beside' },
      },
      { resourceType: 'Medication', id: 'beside', code: { coding: [{ system: 'http://www.whocc.no/atc', code: 'N02BE01' }] } },
      {
        resourceType: 'Observation',
        id: 'o1',
        status: 'final',
        subject,
        code: { coding: [{ system: 'http://loinc.org', code: '85354-9', display: 'Blood pressure' }] },
        effectiveDateTime: '2020-01-01T10:00:00Z',
        component: [
          {
            code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
            valueQuantity: { value: 140, unit: 'mmHg', code: 'mm[Hg]' },
          },
          {
            code: { coding: [{ system: 'http://loinc.org', code: '8462-4' }] },
            valueQuantity: { value: 90, unit: 'mmHg', code: 'mm[Hg]' },
          },
        ],
      },
      {
        resourceType: 'Observation',
        id: 'o2',
        status: 'final',
        subject,
        code: { text: 'CRP' },
        valueQuantity: { value: 5, comparator: '<', code: 'mg/L' },
      },
      { resourceType: 'Procedure', id: 'p9', status: 'not-done', subject, code: { text: 'Appendectomy' } },
      {
        resourceType: 'Immunization',
        id: 'i1',
        status: 'completed',
        patient: subject,
        vaccineCode: { text: 'Influenza' },
        occurrenceDateTime: '2021-10-01',
      },
      { resourceType: 'Encounter', id: 'e1', subject },
    );
    const first = (await send(bundle)).json();
    expect(first).toEqual({
      patient_key: first.patient_key,
      created: true,
      added: 10,
      changed: 0,
      unchanged: 0,
      removed: 0,
      ignored: { Encounter: 1, Medication: 1 },
    });
    const record = await recordOf(first.patient_key);
    const by = (id: string) => record.find(({ source_id }) => source_id === id);
    expect(by('Condition/c1')).toMatchObject({
      codes: [{ system: 'http://snomed.info/sct', code: '38341003', display: 'Hypertension' }],
      status: 'resolved',
      started_at: '2019-05',
      ended_at: '2020',
      source: 'fhir',
    });
    expect([by('Condition/c2')?.status, by('Condition/c3')]).toEqual(['refuted', undefined]);
    expect(by('AllergyIntolerance/a1')).toMatchObject({ details: { criticality: 'high', reaction: 'Hives', severity: 'moderate' } });
    expect(by('MedicationRequest/m1')).toMatchObject({ text: 'Ramipril 5 mg', status: 'active', details: { dose_text: '1-0-0' } });
    expect(by('MedicationStatement/m2')).toMatchObject({ text: 'N02BE01', status: 'resolved' });
    expect(by('Observation/o1#0')).toMatchObject({ value: 140, unit: 'mm[Hg]', details: { panel: 'Blood pressure' } });
    expect(by('Observation/o2')).toMatchObject({ value: null, value_text: '<5', unit: 'mg/L' });
    expect([by('Procedure/p9')?.status, by('Immunization/i1')?.started_at]).toEqual(['refuted', '2021-10-01']);
    const shown = (await app.inject({ url: `/api/v1/patients/${first.patient_key}` })).json();
    expect(shown).toMatchObject({ name: 'Maria Luz Garcia', patient_id: 'MRN-1', gender: 'female', contact_info: { phone: '555' } });
    expect(shown.medical_history.conditions).toEqual([]);

    const second = (await send(bundle)).json();
    expect(second).toMatchObject({ patient_key: first.patient_key, created: false, added: 0, changed: 0, unchanged: 10, removed: 0 });
    expect(await recordOf(first.patient_key)).toEqual(record);
  });

  it('follows its source: what changed is changed, what was entered in error goes, what a person changed here stays', async () => {
    const { patient_key } = (await send(bundleOf(condition('c1'), condition('c2'), condition('c3')))).json();
    const [held] = (await recordOf(patient_key)).filter(({ source_id }) => source_id === 'Condition/c3');
    const url = `/api/v1/patients/${patient_key}/record/${held?.id}`;
    const headers = { 'if-match': String((await app.inject({ url })).headers.etag) };
    await app.inject({ method: 'PUT', url, headers, payload: { kind: 'condition', text: 'As the reader knows better' } });
    const again = await send(
      bundleOf(
        condition('c1', { clinicalStatus: coded('resolved') }),
        condition('c2', { verificationStatus: coded('entered-in-error'), clinicalStatus: undefined }),
        condition('c3', { clinicalStatus: coded('resolved') }),
      ),
    );
    expect(again.json()).toMatchObject({ added: 0, changed: 1, unchanged: 1, removed: 1 });
    expect((await recordOf(patient_key)).map(({ text, status }) => [text, status]).sort()).toEqual([
      ['As the reader knows better', 'unknown'],
      ['Hypertension', 'resolved'],
    ]);
  });

  it('belongs to the patient with the same number, name and birth date, made by hand or come by DICOM', async () => {
    const name = { name: [{ family: 'GARCÍA', given: ['Maria'] }] };
    const made = await makePatient(app, MARIA);
    const bundle = { ...bundleOf(condition('c1')), entry: [{ resource: { ...patient, ...name } }, { resource: condition('c1') }] };
    expect((await send(bundle)).json()).toMatchObject({ patient_key: made.id, created: false });
    const key = await arrive(app, { study: uid(740), patientId: 'D-1', name: 'Garcia^Maria', born: '19700203' });
    const other = { ...patient, ...name, identifier: [{ value: 'D-1' }] };
    expect((await send({ ...bundle, entry: [{ resource: other }] })).json()).toMatchObject({ patient_key: key, created: false });
  });

  it('never takes somebody for another: 409 for the number of a different name, and for another birth date', async () => {
    const made = await makePatient(app, { ...MARIA, name_parts: { family: 'Different' } });
    const taken = await send(bundleOf(condition('c1')));
    expect([taken.statusCode, fieldsOf(taken)]).toEqual([409, ['Bundle.entry[0].resource.identifier[1].value']]);
    const born = await send(
      { ...bundleOf(), entry: [{ resource: { ...patient, birthDate: '1999-01-01' } }] },
      `/api/v1/patients/${made.id}/import`,
    );
    expect([born.statusCode, fieldsOf(born)]).toEqual([409, ['Bundle.entry[0].resource.birthDate']]);
    expect(await recordOf(made.id)).toEqual([]);
  });

  it('into a known record takes a bundle without the patient', async () => {
    const { id } = await makePatient(app, MARIA);
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: condition('c1') }] };
    expect((await send(bundle, `/api/v1/patients/${id}/import`)).json()).toMatchObject({ patient_key: id, added: 1 });
    const two = {
      ...bundle,
      entry: [{ resource: condition('c2') }, { resource: condition('c3', { subject: { reference: 'Patient/p2' } }) }],
    };
    expect(fieldsOf(await send(two, `/api/v1/patients/${id}/import`))).toEqual(['Bundle.entry[1].resource.subject.reference']);
  });
});

describe('exporting FHIR', () => {
  it('gives the patient with contacts, facts and studies, and takes its own bundle back without a change', async () => {
    const { patient_key } = (
      await send(
        bundleOf(
          condition('c1', { onsetDateTime: '2019' }),
          condition('c2', { verificationStatus: coded('refuted'), clinicalStatus: undefined }),
        ),
      )
    ).json();
    await app.inject({
      method: 'POST',
      url: `/api/v1/patients/${patient_key}/record`,
      payload: { kind: 'medication', text: 'Ramipril', status: 'active', details: { dose_text: '1-0-0' } },
    });
    await arrive(app, { study: uid(741), patientId: 'MRN-1', name: 'Garcia^Maria^Luz', born: '19700203' });
    const answer = await app.inject({ url: `/api/v1/patients/${patient_key}/fhir` });
    expect(answer.headers['content-type']).toContain('application/fhir+json');
    const bundle = answer.json();
    const types = bundle.entry.map(({ resource }: { resource: Resource }) => resource['resourceType']).sort();
    expect(types).toEqual(['Condition', 'Condition', 'ImagingStudy', 'MedicationStatement', 'Patient']);
    expect(bundle.entry[0].resource).toMatchObject({ resourceType: 'Patient', telecom: [{ system: 'phone', value: '555' }] });
    expect((await send(bundle)).json()).toMatchObject({ patient_key, created: false, added: 0, changed: 0, unchanged: 3, removed: 0 });
    const [entry] = await app.deps.db
      .selectFrom('audit_entry')
      .select(['action', 'patient'])
      .where('operation', 'like', '%/fhir')
      .execute();
    expect(entry).toMatchObject({ action: 'export', patient: expect.any(String) });
  });
});

const present = existsSync(SYNTHEA);
describe.skipIf(!present)('records of Synthea (needs ../shared/data)', () => {
  it('are taken whole, each resource as a fact and each component of a panel, and a second time without a change', async () => {
    for (const file of readdirSync(SYNTHEA)) {
      const text = readFileSync(join(SYNTHEA, file), 'utf8');
      const bundle = JSON.parse(text) as { entry: { resource: Resource }[] };
      const count = (type: string) => bundle.entry.filter(({ resource }) => resource['resourceType'] === type).length;
      const observations = bundle.entry
        .filter(({ resource }) => resource['resourceType'] === 'Observation')
        .map(({ resource }) => resource);
      const components = observations.flatMap(({ component }) => (component as unknown[] | undefined) ?? []).length;
      const panels = observations.filter(({ component }) => component !== undefined).length;
      const expected =
        ['Condition', 'AllergyIntolerance', 'MedicationRequest', 'Procedure', 'Immunization'].reduce((sum, type) => sum + count(type), 0) +
        observations.length -
        panels +
        components;
      const first = (await send(text)).json();
      expect(first, file).toMatchObject({ created: true, added: expected });
      expect((await send(text)).json()).toMatchObject({ patient_key: first.patient_key, added: 0, changed: 0, unchanged: expected });
    }
  });
});
