import { buildPhantom } from '../../src/imaging/phantom.ts';
import { phantomDicom } from '../../src/imaging/phantom-dicom.ts';
import { secondaryCapture, uid } from '../builders.ts';
import type { ServerProcess } from '../server.ts';
import { ADMINISTRATOR } from './administrator.ts';

/** What a filled server holds, by the ids that the addresses of its screens need. */
export type World = { study: string; patient: string; diagnosis: string };

/** Names that nobody bears, from several alphabets; the identifiers say that they were made up. */
const PEOPLE = [
  { number: 'MADE-UP-2', name: 'Ødegård^Åse', modality: 'CR', about: 'Chest pa' },
  { number: 'MADE-UP-3', name: 'García^Zoë', modality: 'CT', about: 'Abdomen with contrast' },
  { number: 'MADE-UP-4', name: 'Müller-Lüdenscheidt^Heinrich', modality: 'MR', about: 'Head without contrast' },
  { number: 'MADE-UP-5', name: 'Okonkwo^Chidi', modality: 'US', about: 'Abdomen' },
  { number: 'MADE-UP-6', name: 'Nguyễn^Thị Lan', modality: 'DX', about: 'Hand left' },
  { number: 'MADE-UP-7', name: 'Haddad^Layla', modality: 'MG', about: 'Mammography screening' },
];
const NUMBER = 'MADE-UP-1';
const MR = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] };

/** Answers of the server that are read here; the rest of them is not looked at. */
type Answer = { id?: string; patient_key?: string; items?: { study_instance_uid: string; analysis_status: string }[] };

/**
 * Fills a server with invented people, a record, a synthetic study and a diagnosis that is over. With `isAnalyzed` the study is the
 * phantom, and this waits until the models have looked at it (a minute or more); otherwise it is a few small pictures.
 */
export async function fillWorld(server: ServerProcess, { isAnalyzed }: { isAnalyzed: boolean }): Promise<World> {
  const ask = await openAsker(server);
  const { patient_key: patient = '' } = await ask('POST', '/api/v1/patients/import', JSON.stringify(bundle()), 'application/fhir+json');
  const others = PEOPLE.map(({ number, name, modality, about }, index) =>
    secondaryCapture({
      study: uid(50 + index),
      series: uid(50 + index, 1),
      instance: uid(50 + index, 1, 1),
      patientId: number,
      patientName: name,
      modality,
      rows: 256,
      columns: 256,
      seed: index,
      more: { '00080020': { vr: 'DA', Value: [`2026010${index + 1}`] }, '00081030': { vr: 'LO', Value: [about] } },
    }),
  );
  await upload(ask, others);
  const study = isAnalyzed ? await storePhantom(ask) : uid(50);
  await markCritical(ask);
  const { id: diagnosis = '' } = await ask(
    'POST',
    '/api/v1/diagnosis/new',
    JSON.stringify({ patient_key: patient, symptoms: ['Cough', 'Fever'], study_instance_uids: [], priority: 'urgent' }),
  );
  return { study, patient, diagnosis };
}

/** One that somebody was told of, and one that waits. */
async function markCritical(ask: Asker): Promise<void> {
  const mark = (study: string, text: string, category: string): Promise<Answer> =>
    ask('POST', `/api/v1/studies/${study}/critical-results`, JSON.stringify({ text, category }));
  const { id = '' } = await mark(uid(52), 'Acute infarct in the left middle cerebral artery territory', 'minutes');
  const told = { told_to: 'Dr. Abe Sato', told_how: 'telephone', read_back: true };
  await ask('POST', `/api/v1/critical-results/${id}/told`, JSON.stringify(told));
  await mark(uid(51), 'Mass of the right kidney, 4 cm', 'days');
}

export type Asker = (method: string, path: string, body?: RequestInit['body'], type?: string) => Promise<Answer>;

/** What asks the API as the administrator. */
export async function openAsker({ url }: ServerProcess): Promise<Asker> {
  const { username, password } = ADMINISTRATOR;
  const login = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  const session = /isocenter_session=([^;]+)/.exec(login.headers.get('set-cookie') ?? '')?.[1] ?? '';
  return async (method, path, body, type = 'application/json') => {
    const headers = { authorization: `Bearer ${session}`, ...(typeof body === 'string' ? { 'content-type': type } : {}) };
    const response = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    // What this server sends is what its contract says.
    return JSON.parse(text) as Answer;
  };
}

async function upload(ask: Asker, files: readonly Uint8Array[]): Promise<void> {
  const form = new FormData();
  for (const [index, bytes] of files.entries()) form.append('files', new Blob([new Uint8Array(bytes)]), `${index}.dcm`);
  await ask('POST', '/api/v1/studies', form);
}

async function storePhantom(ask: Asker): Promise<string> {
  const files = phantomDicom(buildPhantom({ seed: 1 }));
  for (let start = 0; start < files.length; start += 40) {
    const some = files.slice(start, start + 40).map(({ part10 }) => part10);
    await upload(ask, some);
  }
  for (;;) {
    const { items = [] } = await ask('GET', '/api/v1/studies?q=phantom');
    const phantom = items.find(({ analysis_status }) => analysis_status === 'succeeded' || analysis_status === 'abstained');
    if (phantom) return phantom.study_instance_uid;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** A FHIR R4 bundle of an invented patient with conditions, an allergy and medications that do not go together. */
function bundle(): object {
  const subject = { reference: 'Patient/p1' };
  const entry = (resource: { id: string }): object => ({ fullUrl: `urn:uuid:1f7f6f6c-0000-4000-8000-0000000000${resource.id}`, resource });
  const resources = [
    {
      resourceType: 'Patient',
      id: 'p1',
      identifier: [{ type: MR, value: NUMBER }],
      name: [{ family: 'Lindqvist', given: ['Astrid', 'Maria'] }],
      gender: 'female',
      birthDate: '1950-02-03',
    },
    ...['Warfarin 5 MG Oral Tablet', 'Ibuprofen 400 MG Oral Tablet', 'Metformin 500 MG Oral Tablet'].map((text, index) => ({
      resourceType: 'MedicationRequest',
      id: `1${index}`,
      status: 'active',
      intent: 'order',
      subject,
      medicationCodeableConcept: { text },
      authoredOn: `2026-0${index + 1}-05`,
    })),
    ...['Atrial fibrillation', 'Type 2 diabetes mellitus'].map((text, index) => ({
      resourceType: 'Condition',
      id: `2${index}`,
      clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
      subject,
      code: { text },
      onsetDateTime: `201${index}-06-11`,
    })),
    {
      resourceType: 'AllergyIntolerance',
      id: '30',
      clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }] },
      patient: subject,
      code: { text: 'Penicillin' },
    },
  ];
  return { resourceType: 'Bundle', type: 'collection', entry: resources.map(entry) };
}
