import { expect, it } from 'vitest';
import { secondaryCapture, uid } from '../builders.ts';
import { signInTo, startServer } from '../server.ts';

const NAME = 'Zebrafinch^Quirinus';
const PATIENT_ID = 'MRN-778899-SECRET';

it('no log line holds a patient name, patient ID, UID, search text, password or token, whatever went right or wrong', async () => {
  const server = await startServer({ ISOCENTER_LOG_LEVEL: 'trace', ISOCENTER_STUDY_QUIET_MS: '0' });
  const session = await signInTo(server);
  const good = secondaryCapture({ study: uid(80), series: uid(80, 1), instance: uid(80, 1, 1), patientName: NAME, patientId: PATIENT_ID });
  const upload = async (bytes: Uint8Array): Promise<number> => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(bytes)]), `${NAME}.dcm`);
    return (await fetch(`${server.url}/api/v1/studies`, { method: 'POST', headers: session, body: form })).status;
  };
  expect(await upload(good)).toBe(200);
  expect(await upload(good.subarray(0, good.byteLength - 50))).toBe(400);
  const search = await fetch(`${server.url}/api/v1/studies?q=Zebrafinch`, { headers: session });
  expect(((await search.json()) as { items: unknown[] }).items).toHaveLength(1);
  await fetch(`${server.url}/api/v1/studies/${uid(80)}/findings`, {
    method: 'POST',
    headers: { ...session, 'content-type': 'application/json' },
    body: `{"title":"${NAME}"}`,
  });
  await fetch(`${server.url}/no/such/${PATIENT_ID}`);
  await fetch(`${server.url}/dicom-web/studies?PatientName=Zebra*&PatientID=${PATIENT_ID}`, { headers: session });
  for (const path of [`studies/${uid(80)}`, `studies/${uid(80)}/analysis`, `instances/${uid(80, 1, 1)}/rendered`, `studies/${uid(81)}`])
    await fetch(`${server.url}/api/v1/${path}`, { headers: session });
  await server.stop();

  const log = server.output();
  expect(log).toContain('"level":30');
  const token = server.setupUrl?.split('#token=')[1] ?? 'missing';
  const lines = log.split('\n').filter((line) => line.startsWith('{'));
  expect(lines.length).toBeGreaterThan(10);
  for (const secret of [
    'Zebrafinch',
    'Zebra*',
    'Quirinus',
    PATIENT_ID,
    uid(80),
    uid(81),
    token,
    session.authorization.slice(7),
    'correct horse',
  ]) {
    expect(
      lines.filter((line) => line.includes(secret)),
      secret,
    ).toEqual([]);
  }
});
