import type { AuditEntry } from '../../contract/audit.ts';
import { type Code, eventCodes, isIpAddress, outcomeIndicator } from './event-codes.ts';

/** Who reports: this installation, and the tenant as the site within it. */
export type AuditSource = { sourceId: string; tenantId: string };

type Attributes = Record<string, string | undefined>;

/** Participant Object ID Type Codes (PS3.15 A.5.1.2.4) are of RFC 3881, those of DICOM objects of DCM. */
const STUDY_UID = { code: '110180', display: 'Study Instance UID', system: 'DCM' };
const PATIENT_NUMBER = { code: '2', display: 'Patient Number', system: 'RFC-3881' };
const REPORT_NUMBER = { code: '9', display: 'Report Number', system: 'RFC-3881' };
const PRIVATE = '99ISOCENTER';
const SEARCH_CRITERIA = { code: '10', display: 'Search Criteria', system: 'RFC-3881' };
const USER_IDENTIFIER = { code: '11', display: 'User Identifier', system: 'RFC-3881' };
const URI = { code: '12', display: 'URI', system: 'RFC-3881' };

const SOURCE_ROLE = { code: '110153', display: 'Source Role ID', system: 'DCM' };
const DESTINATION_ROLE = { code: '110152', display: 'Destination Role ID', system: 'DCM' };
const APPLICATION = { code: '110150', display: 'Application', system: 'DCM' };

/** Acts in which the bytes come to us. */
const INCOMING = new Set(['store', 'import']);

/**
 * An entry as a DICOM audit message, one line of XML without a declaration (PS3.15 A.5.1.1). The patient is named by the pseudonym, in
 * the place of the number and of the name alike.
 */
export function toDicomXml(entry: AuditEntry, source: AuditSource): string {
  const parts = [
    eventIdentification(entry),
    ...participants(entry, source),
    element('AuditSourceIdentification', { AuditEnterpriseSiteID: source.tenantId, AuditSourceID: source.sourceId }, [
      element('AuditSourceTypeCode', { 'csd-code': '4' }),
    ]),
    ...objects(entry),
  ];
  return element('AuditMessage', {}, parts);
}

function eventIdentification(entry: AuditEntry): string {
  const { id, type, action } = eventCodes(entry);
  const attributes = { EventActionCode: action, EventDateTime: entry.at, EventOutcomeIndicator: outcomeIndicator(entry) };
  const codes = [coded('EventID', { ...id, system: 'DCM' }), ...(type ? [coded('EventTypeCode', { ...type, system: 'DCM' })] : [])];
  const description = entry.reason ? [element('EventOutcomeDescription', {}, [escapeXml(entry.reason)])] : [];
  return element('EventIdentification', attributes, [...codes, ...description]);
}

/** Who acted, and this system at the other end. */
function participants(entry: AuditEntry, { sourceId }: AuditSource): string[] {
  const { actor_kind, actor_id, actor_name, actor_role, source } = entry;
  const incoming = INCOMING.has(entry.action);
  const access: Attributes = source ? { NetworkAccessPointID: source, NetworkAccessPointTypeCode: isIpAddress(source) ? '2' : '1' } : {};
  const role = actor_role ? [coded('RoleIDCode', { code: actor_role, display: actor_role, system: PRIVATE })] : [];
  const alternative = actor_kind === 'peer' && actor_name ? { AlternativeUserID: `AETITLES=${actor_name}` } : {};
  const actor = {
    UserID: actor_id ?? actor_kind,
    ...alternative,
    ...(actor_name ? { UserName: actor_name } : {}),
    UserIsRequestor: 'true',
    ...access,
  };
  const own = actor_kind === 'system' ? APPLICATION : incoming ? SOURCE_ROLE : DESTINATION_ROLE;
  return [
    element('ActiveParticipant', actor, [coded('RoleIDCode', own), ...role]),
    element('ActiveParticipant', { UserID: sourceId, UserIsRequestor: 'false' }, [
      coded('RoleIDCode', incoming ? DESTINATION_ROLE : SOURCE_ROLE),
    ]),
  ];
}

function objects(entry: AuditEntry): string[] {
  const { patient, study_instance_uid, object_type } = entry;
  const study = study_instance_uid && object_type !== 'study' ? [studyObject(study_instance_uid, entry)] : [];
  const person = patient && object_type !== 'patient' ? [patientObject(patient)] : [];
  return [...study, ...person, actedOn(entry)];
}

/** The very object, with all that has no other place. */
function actedOn(entry: AuditEntry): string {
  const { object_type, object_id, action, operation } = entry;
  const told = factsOf(entry);
  if (object_type === 'study' && object_id) return studyObject(object_id, entry, told);
  if (object_type === 'patient' && object_id) return patientObject(object_id, told);
  if (action === 'search' || action === 'find')
    return participantObject({ id: operation, idType: SEARCH_CRITERIA, type: '2', role: '24', query: operation }, told);
  return participantObject(
    { id: object_id ?? operation, idType: idTypeOf(entry), type: '2', role: object_type === 'report' ? '3' : '4' },
    told,
  );
}

function studyObject(id: string, { details }: AuditEntry, told: string[] = []): string {
  const count = details['instances'];
  const classes = typeof count === 'number' ? [element('SOPClass', { NumberOfInstances: String(count) })] : [];
  const description = classes.length > 0 ? [element('ParticipantObjectDescription', {}, classes)] : [];
  return participantObject({ id, idType: STUDY_UID, type: '2', role: '3' }, [...told, ...description]);
}

function patientObject(id: string, told: string[] = []): string {
  return participantObject({ id, idType: PATIENT_NUMBER, type: '1', role: '1' }, told);
}

function factsOf({ seq, hash, operation, object_type, purpose, request_id, details }: AuditEntry): string[] {
  const facts = { seq, hash, operation, object_type, purpose, request_id, ...details };
  return Object.entries(facts).flatMap(([type, value]) =>
    value === null ? [] : [element('ParticipantObjectDetail', { type, value: base64(String(value)) })],
  );
}

function idTypeOf({ object_type, object_id }: AuditEntry): Code & { system: string } {
  if (object_id === null || object_type === null) return URI;
  if (object_type === 'report') return REPORT_NUMBER;
  if (object_type === 'user') return USER_IDENTIFIER;
  return { code: object_type, display: object_type, system: PRIVATE };
}

type Named = { id: string; idType: Code & { system: string }; type: string; role: string; query?: string };

function participantObject({ id, idType, type, role, query }: Named, rest: string[] = []): string {
  const attributes = { ParticipantObjectID: id, ParticipantObjectTypeCode: type, ParticipantObjectTypeCodeRole: role };
  const name =
    query === undefined ? element('ParticipantObjectName', {}, [escapeXml(id)]) : element('ParticipantObjectQuery', {}, [base64(query)]);
  return element('ParticipantObjectIdentification', attributes, [coded('ParticipantObjectIDTypeCode', idType), name, ...rest]);
}

function coded(name: string, { code, display, system }: Code & { system: string }): string {
  return element(name, { 'csd-code': code, codeSystemName: system, originalText: display });
}

function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const told = Object.entries(attributes).map(([key, value]) => (value === undefined ? '' : ` ${key}="${escapeXml(value)}"`));
  const content = children.join('');
  return content === '' ? `<${name}${told.join('')}/>` : `<${name}${told.join('')}>${content}</${name}>`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** A token of XML Schema: without space at its ends, and without what XML 1.0 cannot hold (no entry has control characters). */
function escapeXml(text: string): string {
  const plain = text.replaceAll(/[\uFFFE\uFFFF]/g, '').trim() || '-';
  return plain.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
