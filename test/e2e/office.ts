import type { ServerProcess } from '../server.ts';
import { openAsker, type World } from './world.ts';

const PEERS = [
  { ae_title: 'CT_EAST', host: 'ct-east.example.org', port: 104 },
  { ae_title: 'MR_NORTH', host: 'mr-north.example.org', port: 104 },
  { ae_title: 'ARCHIVE', host: 'archive.example.org', port: 11_112, tls: true },
];
const PEOPLE = [
  { username: 'asingh', full_name: 'Dr. Amrit Singh', role: 'radiologist' },
  { username: 'jroth', full_name: 'Julia Roth', role: 'technician' },
  { username: 'mokafor', full_name: 'Dr. Ngozi Okafor', role: 'doctor' },
];
const ORDERS = [
  { patient_id: 'MADE-UP-8', patient_name: 'Silva^Beatriz', accession_number: 'ACC-2041', modality: 'CT', start_time: '0830' },
  { patient_id: 'MADE-UP-9', patient_name: 'Kowalski^Jan', accession_number: 'ACC-2042', modality: 'MR', start_time: '0915' },
  {
    patient_id: 'MADE-UP-4',
    patient_name: 'Müller-Lüdenscheidt^Heinrich',
    accession_number: 'ACC-2043',
    modality: 'CT',
    start_time: '1000',
  },
];
const STATION = { CT: 'CT_EAST', MR: 'MR_NORTH' } as const;

/** Fills what an administrator looks at, as it may be after the first weeks: all of it invented, and no host of it exists. */
export async function fillOffice(server: ServerProcess, { study }: World): Promise<void> {
  const ask = await openAsker(server);
  const post = (path: string, body: object): ReturnType<typeof ask> => ask('POST', `/api/v1/${path}`, JSON.stringify(body));
  const peers: Record<string, string> = {};
  for (const peer of PEERS) peers[peer.ae_title] = (await post('peers', peer)).id ?? '';
  const rule = { occasion: 'complete', is_enabled: true };
  const forward = { kind: 'forward', peer_id: peers['ARCHIVE'], commitment: true };
  await post('routing/rules', {
    ...rule,
    name: 'Everything to the archive',
    position: 1,
    conditions: {},
    actions: [forward],
    is_enabled: false,
  });
  await post('routing/rules', {
    ...rule,
    name: 'Chest radiographs first',
    position: 0,
    conditions: { modalities: ['CR', 'DX'], body_parts: ['CHEST'] },
    actions: [{ kind: 'label', label: 'chest' }],
  });
  for (const order of ORDERS) {
    const station_ae_title = STATION[order.modality as keyof typeof STATION];
    const ids = { requested_procedure_id: order.accession_number, step_id: order.accession_number };
    await post('worklist/orders', { ...order, ...ids, station_ae_title, start_date: dayOf(new Date()) });
  }
  await post('webhooks', { url: 'https://ris.example.org/isocenter', event_types: ['report_signed'] });
  for (const person of PEOPLE) await post('users', { ...person, password: 'otters sleep late in june' });
  await post('invitations', { role: 'doctor', full_name: 'Dr. Ingrid Berg' });
  await post('api-keys', { name: 'CT East', role: 'technician', permissions: ['study:write'], requests_per_hour: 10_000 });
  await post('api-keys', { name: 'Export to the registry', role: 'researcher' });
  await post('shares', { study_instance_uid: study, note: 'For the referring practice', hours: 72 });
  await post('tenants', { id: 'north', name: 'North Clinic', ae_title: 'NORTH' });
  await ask('POST', '/api/v1/system/storage/measure');
}

/** As DICOM writes it. */
function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10).replaceAll('-', '');
}
