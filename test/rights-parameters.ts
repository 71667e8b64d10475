import { SCORES } from '../src/clinical/scores/registry.ts';
import { PASSWORD } from './app.ts';
import { KNOWN_OF_DICOM_SERVICES } from './dicom-service-objects.ts';
import { ABSENT_ID } from './example-input.ts';
import { ABSENT, type Objects } from './rights-objects.ts';

/** How a parameter of a path is filled. */
export type Parameter = {
  name: string;
  /** Beginning of the paths in which the name means this. */
  in?: string;
  /** Of an object; or the same for everybody, of what belongs to no tenant. */
  value: ((objects: Objects) => string) | string;
  /** Whether who sees only a part of the studies sees it with them: a patient does not see what leads to a report. */
  cut?: 'with-study' | 'never-by-patient' | 'not';
};

/** Every parameter of every path. A new one needs its line here. */
const PARAMETERS: readonly Parameter[] = [
  { name: 'study_instance_uid', value: ({ study }) => study, cut: 'with-study' },
  { name: 'series_instance_uid', value: ({ series }) => series, cut: 'with-study' },
  { name: 'sop_instance_uid', value: ({ instance }) => instance, cut: 'with-study' },
  { name: 'patient_key', value: ({ patient }) => patient, cut: 'with-study' },
  { name: 'id', in: '/api/v1/recycle-bin/', value: ({ recycled }) => recycled, cut: 'not' },
  { name: 'id', in: '/api/v1/holds/', value: ({ hold }) => hold, cut: 'not' },
  { name: 'id', in: '/api/v1/erasures/', value: ({ erasure }) => erasure, cut: 'not' },
  { name: 'merge_id', value: ({ merge }) => merge, cut: 'with-study' },
  { name: 'match_id', value: ({ match }) => match, cut: 'with-study' },
  { name: 'document_id', value: ({ document }) => document, cut: 'with-study' },
  { name: 'entry_id', value: ({ entry }) => entry, cut: 'with-study' },
  { name: 'frames', value: '1' },
  { name: 'workitem', value: ({ workitem }) => workitem, cut: 'not' },
  { name: 'aetitle', value: 'WATCHER' },
  { name: 'label', value: 'second look' },
  { name: 'path', in: '/dicom-web/', value: '7FE00010' },
  { name: 'rule_id', value: 'onc-high-01a' },
  { name: 'source', in: '/api/v1/drug-safety/', value: 'a-source-that-nobody-imported' },
  { name: 'score', value: SCORES[0]?.id ?? '' },
  { name: 'id', in: '/api/v1/analysis/', value: ({ analysis }) => analysis, cut: 'never-by-patient' },
  { name: 'id', in: '/api/v1/deidentifications/', value: ({ deidentification }) => deidentification, cut: 'with-study' },
  { name: 'id', in: '/api/v1/diagnosis/', value: ({ diagnosis }) => diagnosis, cut: 'never-by-patient' },
  { name: 'link_id', value: ({ diagnosisLink }) => diagnosisLink, cut: 'with-study' },
  { name: 'agent', in: '/api/v1/system/agents/', value: 'research' },
  // Jobs come and go by themselves: what is another tenant's is in test/adapters/job-desk-contract.ts.
  { name: 'id', in: '/api/v1/system/jobs/', value: ABSENT_ID },
  { name: 'id', in: '/api/v1/findings/', value: ({ finding }) => finding, cut: 'never-by-patient' },
  { name: 'id', in: '/api/v1/reports/', value: ({ report }) => report, cut: 'with-study' },
  { name: 'id', in: '/api/v1/addenda/', value: ({ addendum }) => addendum, cut: 'never-by-patient' },
  { name: 'id', in: '/api/v1/critical-results/', value: ({ criticalResult }) => criticalResult, cut: 'never-by-patient' },
  { name: 'id', in: '/api/v1/report-templates/', value: ({ reportTemplate }) => reportTemplate, cut: 'not' },
  { name: 'id', in: '/api/v1/report-macros/', value: ({ reportMacro }) => reportMacro, cut: 'not' },
  // Whoever shares a view changes it alone: test/flows/reading-list.test.ts.
  { name: 'id', in: '/api/v1/reading-list/views/', value: ABSENT_ID },
  { name: 'id', in: '/api/v1/follow-ups/', value: ({ followUp }) => followUp, cut: 'never-by-patient' },
  { name: 'id', in: '/api/v1/discordances/', value: ({ discordance }) => discordance, cut: 'never-by-patient' },
  { name: 'id', in: '/api/v1/predictions/', value: ({ prediction }) => prediction, cut: 'not' },
  { name: 'id', in: '/api/v1/forwards/', value: ({ forward }) => forward, cut: 'with-study' },
  { name: 'id', in: '/api/v1/retrievals/', value: ({ retrieval }) => retrieval, cut: 'with-study' },
  { name: 'id', in: '/api/v1/worklist/orders/', value: ({ order }) => order, cut: 'with-study' },
  { name: 'id', in: '/api/v1/routing/rules/', value: ({ rule }) => rule, cut: 'not' },
  { name: 'id', in: '/api/v1/peers/', value: ({ peer }) => peer, cut: 'not' },
  { name: 'id', in: '/api/v1/auth/passkeys/', value: ABSENT_ID },
  { name: 'id', in: '/api/v1/auth/oidc/callback/', value: ABSENT_ID },
  { name: 'id', in: '/api/v1/identity-providers/', value: ({ provider }) => provider, cut: 'not' },
  { name: 'id', in: '/api/v1/webhooks/', value: ({ webhook }) => webhook, cut: 'not' },
  { name: 'id', in: '/api/v1/users/', value: ({ user }) => user, cut: 'not' },
  { name: 'id', in: '/api/v1/invitations/', value: ({ invitation }) => invitation, cut: 'not' },
  { name: 'id', in: '/api/v1/registrations/', value: ({ registration }) => registration, cut: 'not' },
  { name: 'id', in: '/api/v1/api-keys/', value: ({ apiKey }) => apiKey, cut: 'not' },
  { name: 'id', in: '/api/v1/shares/', value: ({ shareLink }) => shareLink, cut: 'with-study' },
  // One's own alone, whatever the role: test/hostile/identity-objects.test.ts.
  { name: 'id', in: '/api/v1/auth/sessions/', value: ABSENT_ID },
  { name: 'id', in: '/api/v1/break-glass/', value: ABSENT_ID },
  { name: 'id', in: '/api/v1/tenants/', value: 'no-such-tenant' },
  { name: 'id', in: '/api/v1/uploads/', value: ({ upload }) => upload, cut: 'not' },
];

/** Values of queries and bodies that no schema tells, by their names. */
export const KNOWN = {
  ...KNOWN_OF_DICOM_SERVICES,
  ae_title: 'NEW_PEER',
  host: '127.0.0.1',
  username: 'somebody',
  password: PASSWORD,
  new_password: `another ${PASSWORD}`,
  full_name: 'Somebody',
  name: 'Something',
  token: 'a-secret-that-nobody-made',
  challenge: 'a-secret-that-nobody-made',
  id: 'new-tenant',
  study_instance_uid: ABSENT.study,
  prior_study: ABSENT.study,
  score: 'bi-rads',
  code: 'abc',
  template_id: 'starter-chest-ct-en',
  source: 'A hospital',
  valid_from: '2026-01-01',
  valid_until: '2027-01-01',
  sha256: {},
  files: {},
  inputs: {},
  patient_key: 'nobody',
  client_id: 'isocenter',
  issuer: 'https://idp.example.org',
  url: 'https://example.org/',
  event_types: ['*'],
  into: ABSENT_ID,
};

/** The parameter that a name in a path stands for. @throws {Error} for one that the table above does not have */
export function parameterOf(path: string, name: string): Parameter {
  const found = PARAMETERS.find((parameter) => parameter.name === name && path.startsWith(parameter.in ?? ''));
  if (!found)
    throw new Error(`The matrix does not know what \`:${name}\` of ${path} is: add it to PARAMETERS in test/rights-parameters.ts`);
  return found;
}
