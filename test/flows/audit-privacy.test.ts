import { expect, it } from 'vitest';
import { CHECK_RULES } from '../../src/contract/report-checks.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { signInTo, startServer } from '../server.ts';

const STUDY = uid(95);
/** Everything by which the patient of the flow could be known, and what was typed about him. */
const IDENTIFIERS = {
  family: 'Quetzalcoatlus',
  given: 'Ermintrude',
  patientId: 'MRN-5566778',
  birthDate: '19310417',
  accession: 'ACC-31415926',
  typed: 'dictated-words-of-the-reader',
  password: 'correct horse battery staple',
};

/** A whole reading flow over the network, the server a process of its own that logs all it can. */
it('neither the log nor any export of the audit trail of a whole flow holds what a patient could be known by', async () => {
  const server = await startServer({ ISOCENTER_LOG_LEVEL: 'trace', ISOCENTER_STUDY_QUIET_MS: '0' });
  const session = await signInTo(server);
  const ask = async (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${server.url}${path}`, {
      method,
      headers: { ...session, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const form = new FormData();
  const bytes = secondaryCapture({
    study: STUDY,
    series: uid(95, 1),
    instance: uid(95, 1, 1),
    patientName: `${IDENTIFIERS.family}^${IDENTIFIERS.given}`,
    patientId: IDENTIFIERS.patientId,
    more: { '00080050': { vr: 'SH', Value: [IDENTIFIERS.accession] }, '00100030': { vr: 'DA', Value: [IDENTIFIERS.birthDate] } },
  });
  form.append('file', new Blob([new Uint8Array(bytes)]), `${IDENTIFIERS.family}.dcm`);
  expect((await fetch(`${server.url}/api/v1/studies`, { method: 'POST', headers: session, body: form })).status).toBe(200);
  for (const path of [
    `/api/v1/studies?q=${IDENTIFIERS.family}`,
    `/dicom-web/studies?PatientName=${IDENTIFIERS.family}*&00100020=${IDENTIFIERS.patientId}`,
    `/dicom-web/studies?${IDENTIFIERS.patientId}=1`,
    `/api/v1/studies/${STUDY}`,
    `/api/v1/studies/${IDENTIFIERS.patientId}`,
    `/api/v1/reports/${IDENTIFIERS.family}`,
    `/api/v1/instances/${uid(95, 1, 1)}/rendered`,
    `/api/v1/instances/${uid(95, 1, 1)}/file`,
  ])
    await ask('GET', path);
  await ask('POST', `/api/v1/studies/${STUDY}/findings`, { title: IDENTIFIERS.typed, text: IDENTIFIERS.family });
  const draft = (await (await ask('POST', `/api/v1/studies/${STUDY}/reports`, {})).json()) as { id: string; sections: object };
  await ask('PUT', `/api/v1/reports/${draft.id}`, { sections: { ...draft.sections, impression: IDENTIFIERS.typed } });
  const signed = await ask('POST', `/api/v1/reports/${draft.id}/sign`, { password: IDENTIFIERS.password, acknowledged: [...CHECK_RULES] });
  expect(signed.status, await signed.text()).toBe(200);
  await ask('POST', '/api/v1/auth/login', { username: IDENTIFIERS.family, password: 'no password of anybody' });

  const exports: string[] = [];
  for (const format of ['ndjson', 'fhir', 'dicom-xml'])
    exports.push(await (await ask('GET', `/api/v1/audit/export?format=${format}`)).text());
  exports.push(await (await ask('GET', '/api/v1/audit?limit=500')).text());
  await server.stop();

  const [ndjson = '', fhir = '', xml = ''] = exports;
  const counts = [ndjson.split('"form":"isocenter-audit/1"'), fhir.split('"resourceType":"AuditEvent"'), xml.split('<AuditMessage>')].map(
    ({ length }) => length - 1,
  );
  // Each later one has what was done since, the export before it among that.
  expect(counts.toSorted((a, b) => a - b)).toEqual(counts);
  expect(counts[0]).toBeGreaterThan(12);
  const said = [server.output(), ...exports, ...decoded(exports)].join('\n').toLowerCase();
  for (const [what, identifier] of Object.entries(IDENTIFIERS)) expect(said.includes(identifier.toLowerCase()), what).toBe(false);
});

/** What stands in the exports as base64: queries and details. */
function decoded(texts: string[]): string[] {
  return texts.flatMap((text) =>
    [...text.matchAll(/(?:value=|"query":)"([A-Za-z0-9+/=]+)"|<ParticipantObjectQuery>([A-Za-z0-9+/=]+)</g)].map(([, value, query]) =>
      Buffer.from(value ?? query ?? '', 'base64').toString(),
    ),
  );
}
