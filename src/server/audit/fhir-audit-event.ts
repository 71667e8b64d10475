import type { AuditEntry } from '../../contract/audit.ts';
import type { AuditSource } from './dicom-xml.ts';
import { type Code, EXPORT, eventCodes, isIpAddress, outcomeIndicator } from './event-codes.ts';

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const EVENT_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-event-type';
const INTERACTION = 'http://hl7.org/fhir/restful-interaction';
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const OBJECT_ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
const SOURCE_TYPE = 'http://terminology.hl7.org/CodeSystem/security-source-type';
const LIFECYCLE = 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle';
const BALP = 'https://profiles.ihe.net/ITI/BALP';

type Coding = { system: string; code: string; display?: string };
type CodeableConcept = { coding: Coding[] };
type Reference = { type?: string; identifier?: { system: string; value: string }; display?: string };
type Agent = {
  type: CodeableConcept;
  role?: CodeableConcept[];
  who: Reference;
  name?: string;
  requestor: boolean;
  network?: { address: string; type: '1' | '2' };
  purposeOfUse?: CodeableConcept[];
};
type Entity = {
  what?: Reference;
  type: Coding;
  role?: Coding;
  query?: string;
  detail?: { type: string; valueString: string }[];
};
/** The elements of a FHIR R4 AuditEvent that we fill. */
export type FhirAuditEvent = {
  resourceType: 'AuditEvent';
  id: string;
  meta: { profile?: string[] };
  extension: { url: string; valueString: string }[];
  type: Coding;
  subtype?: Coding[];
  action: string;
  recorded: string;
  outcome: string;
  outcomeDesc?: string;
  purposeOfEvent?: CodeableConcept[];
  agent: Agent[];
  source: { site: string; observer: Reference; type: Coding[] };
  entity: Entity[];
};

/** REST interactions, each with the name of its BALP profile, what it does, and the part that a person has in it. */
const INTERACTIONS = {
  read: { profile: 'Read', action: 'R', user: 'IRCP' },
  search: { profile: 'Query', action: 'E', user: 'IRCP' },
  create: { profile: 'Create', action: 'C', user: 'AUT' },
  update: { profile: 'Update', action: 'U', user: 'AUT' },
  delete: { profile: 'Delete', action: 'D', user: 'AUT' },
} as const;
type Interaction = keyof typeof INTERACTIONS;

/**
 * An entry as a FHIR R4 AuditEvent, in the shape of IHE Basic Audit Log Patterns: what succeeded over HTTP follows the pattern of its
 * interaction, a disclosure the one of the source; all else bears the event code of DICOM. Patients are named by their pseudonym.
 */
export function toFhirAuditEvent(entry: AuditEntry, source: AuditSource): FhirAuditEvent {
  const interaction = interactionOf(entry);
  const codes = eventCodes(entry);
  const id = isDisclosure(entry) ? EXPORT : codes.id;
  const dicom = [id, ...(codes.type ? [codes.type] : [])].map((code) => coding(DCM, code));
  const { outcome, purpose, reason } = entry;
  const profile = outcome === 'success' ? profileOf(entry, interaction) : undefined;
  const disclosed = isDisclosure(entry) ? [coding(LIFECYCLE, { code: 'disclose', display: 'Disclose Record Lifecycle Event' })] : [];
  const rest = interaction && !isDisclosure(entry);
  const subtype = rest ? [coding(INTERACTION, { code: interaction, display: interaction }), ...dicom] : [...disclosed, ...dicom.slice(1)];
  const why = purpose ? [{ coding: [{ system: ACT_REASON, code: purpose }] }] : undefined;
  return {
    resourceType: 'AuditEvent',
    id: `${source.tenantId}-${entry.seq}`.slice(-64),
    meta: profile ? { profile: [`${BALP}/StructureDefinition/IHE.BasicAudit.${profile}`] } : {},
    extension: [{ url: 'urn:isocenter:audit:hash', valueString: entry.hash }],
    type: rest ? coding(EVENT_TYPE, { code: 'rest', display: 'Restful Operation' }) : coding(DCM, id),
    ...(subtype.length > 0 ? { subtype } : {}),
    action: rest ? INTERACTIONS[interaction].action : codes.action,
    recorded: entry.at,
    outcome: outcomeIndicator(entry),
    ...(reason ? { outcomeDesc: reason } : {}),
    ...(why ? { purposeOfEvent: why } : {}),
    agent: agentsOf(entry, source, interaction),
    source: {
      site: source.tenantId,
      observer: observerOf(source),
      type: [coding(SOURCE_TYPE, { code: '4', display: 'Application Server' })],
    },
    entity: entitiesOf(entry, interaction),
  };
}

/** What a call over HTTP is as REST; undefined for acts that REST has no word for, and for other doors. */
function interactionOf({ operation, action, object_id, details }: AuditEntry): Interaction | undefined {
  const [method] = operation.split(' ');
  if (action === 'login' || action === 'logout') return undefined;
  if (method === 'GET') return action === 'search' || object_id === null ? 'search' : 'read';
  if (method === 'POST') return details['created'] === true ? 'create' : undefined;
  if (method === 'PUT' || method === 'PATCH') return 'update';
  return method === 'DELETE' ? 'delete' : undefined;
}

function isDisclosure({ action, patient, outcome }: AuditEntry): boolean {
  return action === 'export' && patient !== null && outcome === 'success';
}

function profileOf(entry: AuditEntry, interaction: Interaction | undefined): string | undefined {
  if (isDisclosure(entry)) return 'PrivacyDisclosure.Source';
  return interaction && `${entry.patient ? 'Patient' : ''}${INTERACTIONS[interaction].profile}`;
}

function agentsOf(entry: AuditEntry, source: AuditSource, interaction: Interaction | undefined): Agent[] {
  const { actor_kind, actor_id, actor_name, actor_role, purpose, source: from } = entry;
  const reads = isDisclosure(entry) || (interaction ? interaction === 'read' : entry.action === 'retrieve');
  const [ours, theirs] = reads ? [SOURCE_ROLE, DESTINATION_ROLE] : [DESTINATION_ROLE, SOURCE_ROLE];
  const client: Agent = {
    type: concept(DCM, theirs),
    who: { display: from ?? actor_kind },
    requestor: false,
    network: networkOf(from ?? actor_kind),
  };
  const server: Agent = { type: concept(DCM, ours), who: observerOf(source), requestor: false, network: networkOf(source.sourceId) };
  const part = interaction ? INTERACTIONS[interaction].user : 'IRCP';
  const user: Agent = {
    type: concept(PARTICIPATION, { code: part, display: part === 'IRCP' ? 'information recipient' : 'author (originator)' }),
    who: {
      identifier: { system: `urn:isocenter:actor:${actor_kind}`, value: actor_id ?? actor_kind },
      ...(actor_name ? { display: actor_name } : {}),
    },
    requestor: true,
    ...(actor_name ? { name: actor_name } : {}),
    ...(actor_role ? { role: [concept('urn:isocenter:role', { code: actor_role, display: actor_role })] } : {}),
    ...(purpose ? { purposeOfUse: [{ coding: [{ system: ACT_REASON, code: purpose }] }] } : {}),
  };
  return [client, server, user];
}

const SOURCE_ROLE = { code: '110153', display: 'Source Role ID' };
const DESTINATION_ROLE = { code: '110152', display: 'Destination Role ID' };

function entitiesOf(entry: AuditEntry, interaction: Interaction | undefined): Entity[] {
  const { patient, request_id } = entry;
  const person: Entity[] = patient
    ? [
        {
          what: { type: 'Patient', identifier: { system: 'urn:isocenter:audit-pseudonym', value: patient } },
          type: coding(ENTITY_TYPE, { code: '1', display: 'Person' }),
          role: coding(OBJECT_ROLE, { code: '1', display: 'Patient' }),
        },
      ]
    : [];
  const transaction: Entity[] = request_id
    ? [
        {
          what: { identifier: { system: 'urn:isocenter:request', value: request_id } },
          type: { system: `${BALP}/CodeSystem/BasicAuditEntityType`, code: 'XrequestId' },
        },
      ]
    : [];
  return [...person, isQuery(entry, interaction) ? queryEntity(entry) : dataEntity(entry), ...transaction];
}

function isQuery(entry: AuditEntry, interaction: Interaction | undefined): boolean {
  if (isDisclosure(entry)) return false;
  return interaction ? interaction === 'search' : entry.action === 'find' || entry.action === 'search';
}

/** The query without what was searched for, which may be a patient's name: the names of its fields are among the details. */
function queryEntity({ operation, details }: AuditEntry): Entity {
  const asked = typeof details['fields'] === 'string' && details['fields'] !== '' ? `?${details['fields']}` : '';
  return {
    type: coding(ENTITY_TYPE, { code: '2', display: 'System Object' }),
    role: coding(OBJECT_ROLE, { code: '24', display: 'Query' }),
    query: Buffer.from(`${operation}${asked}`).toString('base64'),
  };
}

function dataEntity({ seq, operation, object_type, object_id, study_instance_uid, details }: AuditEntry): Entity {
  const study = object_type === null || object_id === null ? study_instance_uid : object_type === 'study' ? object_id : null;
  const what: Reference = study
    ? { type: 'ImagingStudy', identifier: { system: 'urn:dicom:uid', value: `urn:oid:${study}` } }
    : object_type && object_id
      ? { identifier: { system: `urn:isocenter:${object_type}`, value: object_id } }
      : { display: operation };
  const facts = { seq, operation, ...(study_instance_uid ? { study_instance_uid } : {}), ...details };
  return {
    what,
    type: coding(ENTITY_TYPE, { code: '2', display: 'System Object' }),
    role:
      object_type === 'report'
        ? coding(OBJECT_ROLE, { code: '3', display: 'Report' })
        : coding(OBJECT_ROLE, { code: '4', display: 'Domain Resource' }),
    detail: Object.entries(facts).map(([type, value]) => ({ type, valueString: String(value) })),
  };
}

function observerOf({ sourceId }: AuditSource): Reference {
  return { display: sourceId };
}

function networkOf(address: string): { address: string; type: '1' | '2' } {
  return { address, type: isIpAddress(address) ? '2' : '1' };
}

function coding(system: string, { code, display }: Code): Coding {
  return { system, code, display };
}

function concept(system: string, code: Code): CodeableConcept {
  return { coding: [coding(system, code)] };
}
