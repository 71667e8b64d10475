import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../app.ts';
import { bundleOf, coded, condition, patient, sendBundle, subject } from './patients-fhir-parts.ts';
import { fieldsOf } from './patients-parts.ts';

let app: TestApp;
beforeEach(async () => {
  app = await openTestApp();
});
afterEach(() => app.close());

describe('a bundle that is wrong', () => {
  it('is refused with the path of each wrong element, and nothing of it is taken', async () => {
    const cases: [unknown, string][] = [
      ['{', 'Bundle'],
      [[], 'Bundle'],
      [{ resourceType: 'Patient' }, 'Bundle.resourceType'],
      [{ ...bundleOf(), entry: {} }, 'Bundle.entry'],
      [{ ...bundleOf(), entry: [{}] }, 'Bundle.entry[0].resource'],
      [{ ...bundleOf(), entry: [{ resource: { resourceType: 7 } }] }, 'Bundle.entry[0].resource.resourceType'],
      [bundleOf(condition('c1', { code: undefined })), 'Bundle.entry[1].resource.code'],
      [bundleOf(condition('c1', { code: {} })), 'Bundle.entry[1].resource.code'],
      [bundleOf(condition('c1', { code: { coding: 'x' } })), 'Bundle.entry[1].resource.code.coding'],
      [bundleOf(condition('c1', { code: { coding: [{ code: 5 }], text: 'x' } })), 'Bundle.entry[1].resource.code.coding[0].code'],
      [bundleOf(condition('c1', { code: { text: 'x'.repeat(2_001) } })), 'Bundle.entry[1].resource.code.text'],
      [bundleOf(condition('c1', { code: { text: 'a\u0000' } })), 'Bundle.entry[1].resource.code.text'],
      [bundleOf(condition('c1', { onsetDateTime: '2019-13-01' })), 'Bundle.entry[1].resource.onsetDateTime'],
      [bundleOf(condition('c1', { clinicalStatus: coded('maybe') })), 'Bundle.entry[1].resource.clinicalStatus.coding'],
      [bundleOf(condition('c1', { subject: undefined })), 'Bundle.entry[1].resource.subject'],
      [bundleOf(condition('c1', { subject: { reference: 'Patient/p2' } })), 'Bundle.entry[1].resource.subject.reference'],
      [bundleOf(condition('c1'), condition('c1')), 'Bundle.entry[2].resource.id'],
      [bundleOf({ ...patient, id: 'p2' }), 'Bundle.entry[1].resource'],
      [
        bundleOf({ resourceType: 'Observation', id: 'o', status: 'final', subject, code: { text: 'x' }, valueQuantity: { value: '5' } }),
        'Bundle.entry[1].resource.valueQuantity.value',
      ],
      [
        bundleOf({
          resourceType: 'MedicationRequest',
          id: 'm',
          status: 'active',
          subject,
          medicationReference: { reference: 'Medication/none' },
        }),
        'Bundle.entry[1].resource.medicationReference.reference',
      ],
      [{ ...bundleOf(), entry: [{ resource: { ...patient, name: undefined } }] }, 'Bundle.entry[0].resource.name'],
      [
        { ...bundleOf(), entry: [{ resource: { ...patient, name: [{ family: 'x'.repeat(5_000) }] } }] },
        'Bundle.entry[0].resource.name[0].family',
      ],
      [{ ...bundleOf(), entry: [{ resource: { ...patient, name: [{ family: 'A^B' }] } }] }, 'Bundle.entry[0].resource.name[0]'],
      [{ ...bundleOf(), entry: [{ resource: { ...patient, birthDate: '2999-01-01' } }] }, 'Bundle.entry[0].resource.birthDate'],
      [{ ...bundleOf(), entry: [{ resource: { ...patient, identifier: [] } }] }, 'Bundle.entry[0].resource.identifier'],
      [{ ...bundleOf(), entry: [] }, 'Bundle.entry'],
    ];
    for (const [bundle, path] of cases) {
      const answer = await sendBundle(app, bundle);
      expect([answer.statusCode, fieldsOf(answer)], path).toEqual([400, expect.arrayContaining([path])]);
    }
    expect(await app.deps.db.selectFrom('patient').select('id').execute()).toEqual([]);
    expect(await app.deps.db.selectFrom('record_entry').select('id').execute()).toEqual([]);
    expect((await app.inject({ method: 'POST', url: '/api/v1/patients/import', payload: {} })).statusCode).toBe(415);
  });
});
