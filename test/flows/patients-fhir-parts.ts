import type { LightMyRequestResponse } from 'fastify';
import type { TestApp } from '../app.ts';

export type Resource = Record<string, unknown>;

export async function sendBundle(app: TestApp, bundle: unknown, url = '/api/v1/patients/import'): Promise<LightMyRequestResponse> {
  return app.inject({
    method: 'POST',
    url,
    payload: typeof bundle === 'string' ? bundle : JSON.stringify(bundle),
    headers: { 'content-type': 'application/fhir+json' },
  });
}

/** The patient of the bundle, as a reference. */
export const subject = { reference: 'Patient/p1' };
export const patient: Resource = {
  resourceType: 'Patient',
  id: 'p1',
  identifier: [
    { system: 'urn:other', value: 'not this' },
    { type: { coding: [{ code: 'MR' }] }, value: 'MRN-1' },
  ],
  name: [{ use: 'official', family: 'Garcia', given: ['Maria', 'Luz'] }],
  gender: 'female',
  birthDate: '1970-02-03',
  telecom: [{ system: 'phone', value: '555' }],
};
/** A bundle of that patient. */
export const bundleOf = (...resources: Resource[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: [patient, ...resources].map((resource) => ({ fullUrl: `urn:x:${resource['id']}`, resource })),
});
const snomed = (code: string, display: string) => ({ coding: [{ system: 'http://snomed.info/sct', code, display }] });
/** A CodeableConcept that is a code alone. */
export const coded = (code: string) => ({ coding: [{ code }] });
export const condition = (id: string, more: Resource = {}): Resource => ({
  resourceType: 'Condition',
  id,
  code: snomed('38341003', 'Hypertension'),
  subject,
  clinicalStatus: coded('active'),
  ...more,
});
