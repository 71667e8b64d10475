import * as agents from '../contract/agents.ts';
import * as analysis from '../contract/analysis.ts';
import * as analysisRequests from '../contract/analysis-requests.ts';
import * as analytics from '../contract/analytics.ts';
import * as audit from '../contract/audit.ts';
import * as cdsHooks from '../contract/cds-hooks.ts';
import * as clinical from '../contract/clinical.ts';
import * as criticalResults from '../contract/critical-results.ts';
import * as deidentification from '../contract/deidentification.ts';
import * as diagnosis from '../contract/diagnosis.ts';
import * as diagnosisDrafts from '../contract/diagnosis-drafts.ts';
import * as diagnosisResults from '../contract/diagnosis-results.ts';
import * as diagnosisShares from '../contract/diagnosis-shares.ts';
import * as diagnosisWork from '../contract/diagnosis-work.ts';
import * as dicomweb from '../contract/dicomweb.ts';
import * as drugKnowledge from '../contract/drug-knowledge.ts';
import * as drugSafety from '../contract/drug-safety.ts';
import * as encryption from '../contract/encryption.ts';
import type { Endpoint } from '../contract/endpoint.ts';
import * as events from '../contract/events.ts';
import { Problem } from '../contract/fields.ts';
import * as findings from '../contract/findings.ts';
import * as followUp from '../contract/follow-up.ts';
import * as forwards from '../contract/forwards.ts';
import * as history from '../contract/history.ts';
import * as identity from '../contract/identity.ts';
import * as apiKeys from '../contract/identity-api-keys.ts';
import * as factors from '../contract/identity-factors.ts';
import * as passkeys from '../contract/identity-passkeys.ts';
import * as providers from '../contract/identity-providers.ts';
import * as shares from '../contract/identity-shares.ts';
import * as tenants from '../contract/identity-tenants.ts';
import * as users from '../contract/identity-users.ts';
import * as jobs from '../contract/jobs.ts';
import * as labels from '../contract/labels.ts';
import * as literature from '../contract/literature.ts';
import * as measurements from '../contract/measurements.ts';
import * as metrics from '../contract/metrics.ts';
import * as models from '../contract/models.ts';
import * as patientDrugSafety from '../contract/patient-drug-safety.ts';
import * as patients from '../contract/patients.ts';
import * as patientsAnalytics from '../contract/patients-analytics.ts';
import * as patientsDocuments from '../contract/patients-documents.ts';
import * as patientsFhir from '../contract/patients-fhir.ts';
import * as patientsHistory from '../contract/patients-history.ts';
import * as patientsMerge from '../contract/patients-merge.ts';
import * as patientsSearch from '../contract/patients-search.ts';
import * as peers from '../contract/peers.ts';
import * as predictions from '../contract/predictions.ts';
import * as priors from '../contract/priors.ts';
import * as privacy from '../contract/privacy.ts';
import * as readingList from '../contract/reading-list.ts';
import * as recycleBin from '../contract/recycle-bin.ts';
import * as reportAddenda from '../contract/report-addenda.ts';
import * as reportChecks from '../contract/report-checks.ts';
import * as reportTemplates from '../contract/report-templates.ts';
import * as reports from '../contract/reports.ts';
import * as retrievals from '../contract/retrievals.ts';
import * as routing from '../contract/routing.ts';
import * as sampleStudy from '../contract/sample-study.ts';
import * as storage from '../contract/storage.ts';
import * as studies from '../contract/studies.ts';
import * as system from '../contract/system.ts';
import * as trials from '../contract/trials.ts';
import * as ups from '../contract/ups.ts';
import * as webhooks from '../contract/webhooks.ts';
import * as worklist from '../contract/worklist.ts';
import { VERSION } from './system/version.ts';

const FEATURES = {
  system,
  identity,
  factors,
  passkeys,
  providers,
  users,
  apiKeys,
  shares,
  tenants,
  studies,
  sampleStudy,
  deidentification,
  analysis,
  analysisRequests,
  findings,
  measurements,
  priors,
  diagnosis,
  diagnosisDrafts,
  diagnosisResults,
  diagnosisShares,
  diagnosisWork,
  agents,
  reports,
  reportAddenda,
  reportChecks,
  reportTemplates,
  criticalResults,
  patients,
  patientsAnalytics,
  patientsDocuments,
  patientsFhir,
  patientsHistory,
  patientsMerge,
  patientsSearch,
  analytics,
  followUp,
  readingList,
  predictions,
  models,
  dicomweb,
  ups,
  peers,
  forwards,
  retrievals,
  worklist,
  routing,
  clinical,
  history,
  drugSafety,
  patientDrugSafety,
  literature,
  drugKnowledge,
  cdsHooks,
  trials,
  labels,
  events,
  webhooks,
  metrics,
  jobs,
  storage,
  audit,
  encryption,
  recycleBin,
  privacy,
};

/** Every endpoint of the contract, with the feature that it belongs to and its name there. */
export function listEndpoints(): { feature: string; name: string; endpoint: Endpoint }[] {
  return Object.entries(FEATURES).flatMap(([feature, exports]) =>
    Object.entries(exports).flatMap(([name, value]) => (isEndpoint(value) ? [{ feature, name, endpoint: value }] : [])),
  );
}

/** The API as OpenAPI 3.1, made from the same objects that the server and the web client use. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { feature, name, endpoint } of listEndpoints()) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    const operations = paths[path] ?? {};
    operations[endpoint.method.toLowerCase()] = operationOf(feature, name, endpoint);
    paths[path] = operations;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Isocenter',
      version: VERSION,
      description: 'Research use. Not a medical device.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: { Problem },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'isocenter_session' },
        bearer: { type: 'http', scheme: 'bearer', description: 'An access token, or an API key' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  };
}

function operationOf(feature: string, name: string, endpoint: Endpoint): object {
  const parameters = [...parametersOf('path', endpoint.params), ...parametersOf('query', endpoint.query)];
  return {
    operationId: name,
    tags: [feature],
    summary: endpoint.summary,
    'x-permission': endpoint.permission,
    ...(endpoint.permission === 'public' ? { security: [] } : { security: [{ session: [] }, { bearer: [] }, { apiKey: [] }] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...bodyOf(endpoint),
    responses: {
      [endpoint.status ?? 200]: {
        description: 'Success',
        content: { [endpoint.produces ?? 'application/json']: { schema: endpoint.produces ? {} : endpoint.response } },
      },
      default: { description: 'Problem', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  };
}

type Properties = { properties?: Record<string, object>; required?: string[] };

function parametersOf(place: 'path' | 'query', schema: object | undefined): object[] {
  // Params and queries are object schemas by construction.
  const { properties = {}, required = [] } = (schema ?? {}) as Properties;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function bodyOf({ body, consumes }: Endpoint): object {
  if (consumes)
    return {
      requestBody: {
        required: true,
        content: {
          [consumes]: { schema: { type: 'object', properties: { file: { type: 'array', items: { type: 'string', format: 'binary' } } } } },
        },
      },
    };
  return body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {};
}

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'path' in value && 'permission' in value && 'response' in value;
}
