import { describe, expect, it } from 'vitest';
import { grammarViolations } from '../../../test/audit-grammar.ts';
import { parseXml, type XmlElement } from '../../../test/xml.ts';
import type { AuditEntry } from '../../contract/audit.ts';
import { AUDIT_ACTIONS, type AuditOutcome } from '../../contract/audit-terms.ts';
import { toDicomXml } from './dicom-xml.ts';
import { type FhirAuditEvent, toFhirAuditEvent } from './fhir-audit-event.ts';

const SOURCE = { sourceId: 'isocenter@test', tenantId: 'default' };
const STUDY = '1.2.840.1';
const PSEUDONYM = 'a'.repeat(32);

function entry(more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    seq: 7,
    at: '2026-03-01T08:00:00.000Z',
    actor_kind: 'user',
    actor_id: 'user-1',
    actor_name: 'reader',
    actor_role: 'radiologist',
    action: 'access',
    operation: 'GET /api/v1/studies/:study_instance_uid',
    object_type: 'study',
    object_id: STUDY,
    study_instance_uid: STUDY,
    patient: PSEUDONYM,
    purpose: 'TREAT',
    outcome: 'success',
    reason: null,
    source: '192.0.2.7',
    request_id: 'request-1',
    details: {},
    previous_hash: '0'.repeat(64),
    hash: 'f'.repeat(64),
    ...more,
  };
}

const NOTHING = {
  object_type: null,
  object_id: null,
  study_instance_uid: null,
  patient: null,
  purpose: null,
  source: null,
  request_id: null,
};
const HOSTILE = `<&>"' ]]> \u{1F600} é \ufffe`;
/** Every act with every outcome, full, empty, and with what could break a document. */
const VARIETY: AuditEntry[] = AUDIT_ACTIONS.flatMap((action) =>
  (['success', 'refused', 'failed'] as const satisfies AuditOutcome[]).flatMap((outcome) => [
    entry({ action, outcome, reason: outcome === 'success' ? null : 'forbidden', details: { instances: 3, created: true } }),
    entry({ action, outcome, ...NOTHING, actor_kind: 'anonymous', actor_id: null, actor_name: null, actor_role: null }),
    entry({ action, outcome, actor_kind: 'peer', actor_name: HOSTILE, operation: HOSTILE, object_type: 'report', object_id: HOSTILE }),
    entry({ action, outcome, object_type: 'patient', object_id: PSEUDONYM, study_instance_uid: null, source: 'PEER_AE' }),
    entry({ action, outcome, object_type: 'audit', object_id: null }),
    entry({ action, outcome, ...NOTHING, object_type: 'peer', object_id: 'peer-1', details: { created: true } }),
  ]),
);

function find(element: XmlElement, name: string): XmlElement[] {
  return [...(element.name === name ? [element] : []), ...element.children.flatMap((child) => find(child, name))];
}

describe('as DICOM audit messages', () => {
  it('all entries keep the schema of PS3.15 A.5.1', () => {
    const violations = VARIETY.flatMap((item) => grammarViolations(parseXml(toDicomXml(item, SOURCE))));
    expect(violations).toEqual([]);
    expect(VARIETY.length).toBe(AUDIT_ACTIONS.length * 18);
  });

  it('the check itself finds what breaks the schema', () => {
    const broken = parseXml('<AuditMessage><EventID csd-code="1" codeSystemName=" DCM"/><Other/></AuditMessage>');
    expect(grammarViolations(broken)).toEqual([
      'AuditMessage holds EventID Other ',
      'EventID lacks originalText',
      'EventID has codeSystemName  DCM',
      'Other is no element of an audit message',
    ]);
    expect(() => parseXml('<a b="<"/>')).toThrow('Not escaped');
  });

  it.each([
    [{ action: 'access' }, '110103 R 0'],
    [{ action: 'store' }, '110104 C 0'],
    [{ action: 'login' }, '110114 110122 E 0'],
    [{ action: 'login', outcome: 'refused' }, '110114 110122 E 4'],
    [{ action: 'access', outcome: 'refused' }, '110113 110132 R 4'],
    [{ action: 'delete' }, '110105 D 0'],
    [{ action: 'access', object_type: 'audit' }, '110101 R 0'],
    [{ action: 'analyze', outcome: 'failed' }, '110111 C 8'],
  ] as const)('%j is event %s', (more, expected) => {
    const [event] = find(parseXml(toDicomXml(entry(more), SOURCE)), 'EventIdentification');
    const codes = event?.children.map(({ attributes }) => attributes['csd-code']) ?? [];
    const { EventActionCode, EventOutcomeIndicator } = event?.attributes ?? {};
    expect([...codes, EventActionCode, EventOutcomeIndicator].join(' ')).toBe(expected);
  });

  it('an entry names who acted from where, the study with its number of instances, and the patient by the pseudonym alone', () => {
    const message = parseXml(toDicomXml(entry({ details: { instances: 3 } }), SOURCE));
    const [actor, own] = find(message, 'ActiveParticipant');
    expect(actor?.attributes).toEqual({
      UserID: 'user-1',
      UserName: 'reader',
      UserIsRequestor: 'true',
      NetworkAccessPointID: '192.0.2.7',
      NetworkAccessPointTypeCode: '2',
    });
    expect(own?.attributes).toEqual({ UserID: 'isocenter@test', UserIsRequestor: 'false' });
    const objects = find(message, 'ParticipantObjectIdentification').map(({ attributes }) => attributes['ParticipantObjectID']);
    expect(objects).toEqual([PSEUDONYM, STUDY]);
    expect(find(message, 'SOPClass')[0]?.attributes).toEqual({ NumberOfInstances: '3' });
  });
});

/** What FHIR R4 and the patterns of BALP ask of an AuditEvent, as far as it concerns what we write. */
function fhirViolations(event: FhirAuditEvent): string[] {
  const found: string[] = [];
  const demand = (holds: unknown, sentence: string): void => {
    if (!holds) found.push(`${event.id} ${sentence}`);
  };
  demand(event.resourceType === 'AuditEvent' && /^[A-Za-z0-9\-.]{1,64}$/.test(event.id), 'has no id');
  demand(event.type.system && event.type.code, 'has no type');
  demand(/^[CRUDE]$/.test(event.action), 'has no action');
  demand(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(event.recorded), 'has no instant');
  demand(['0', '4', '8', '12'].includes(event.outcome), 'has no outcome');
  demand(event.agent.length >= 2 && event.agent.every(({ requestor }) => typeof requestor === 'boolean'), 'has too few agents');
  demand(event.agent.filter(({ requestor }) => requestor).length === 1, 'has not one requestor');
  demand(event.source.observer.display, 'has no observer');
  // sev-1: an entity has a name or a query, not both; in R4 nothing else is demanded of it.
  for (const { what, query } of event.entity) demand((what === undefined) !== (query === undefined), 'has an entity of two kinds');
  for (const { query } of event.entity) demand(query === undefined || /^[A-Za-z0-9+/=]+$/.test(query), 'has a query that is not base64');
  for (const list of [event.subtype, event.purposeOfEvent, event.meta.profile, ...event.entity.map(({ detail }) => detail)])
    demand(list === undefined || list.length > 0, 'has an empty list');
  const [profile] = event.meta.profile ?? [];
  if (profile) found.push(...balpViolations(event, profile.split('IHE.BasicAudit.')[1] ?? ''));
  return found;
}

const BALP: Record<string, { interaction: string; action: string; client: string; entity: string }> = {
  Read: { interaction: 'read', action: 'R', client: '110152', entity: '4' },
  Query: { interaction: 'search', action: 'E', client: '110153', entity: '24' },
  Create: { interaction: 'create', action: 'C', client: '110153', entity: '4' },
  Update: { interaction: 'update', action: 'U', client: '110153', entity: '4' },
  Delete: { interaction: 'delete', action: 'D', client: '110153', entity: '4' },
};

function balpViolations(event: FhirAuditEvent, name: string): string[] {
  const found: string[] = [];
  const codes = (list: { code: string }[] | undefined): string[] => (list ?? []).map(({ code }) => code);
  const roles = event.agent.slice(0, 2).map(({ type }) => type.coding[0]?.code);
  const patients = event.entity.filter(({ role, what }) => role?.code === '1' && what?.type === 'Patient').length;
  if (event.outcome !== '0') found.push(`${name} is for what succeeded`);
  if (event.agent.slice(0, 2).some(({ network, who }) => !network || !who)) found.push(`${name} needs the networks of client and server`);
  if (event.agent[2]?.network) found.push(`${name}: a user is not on a network`);
  if (name === 'PrivacyDisclosure.Source') {
    if (event.type.code !== '110106' || !codes(event.subtype).includes('disclose') || event.action !== 'R')
      found.push(`${name} is an export`);
    if (patients !== 1 || event.entity.length < 2) found.push(`${name} needs the patient and the data`);
    return found;
  }
  const rule = BALP[name.replace('Patient', '')];
  if (!rule) return [...found, `${name} is no pattern`];
  if (event.type.code !== 'rest' || !codes(event.subtype).includes(rule.interaction)) found.push(`${name} is not ${rule.interaction}`);
  if (event.action !== rule.action) found.push(`${name} has the action ${event.action}`);
  if (roles[0] !== rule.client || roles[0] === roles[1]) found.push(`${name} has the roles ${roles.join(' and ')}`);
  if (name.startsWith('Patient') !== (patients === 1)) found.push(`${name} has ${patients} patients`);
  const data = event.entity.filter(({ type, role }) => type.code === '2' && (role?.code === rule.entity || role?.code === '3'));
  if (data.length !== 1) found.push(`${name} has ${data.length} objects`);
  return found;
}

describe('as FHIR AuditEvents', () => {
  it('all entries have what R4 demands, and what claims a pattern of BALP keeps it', () => {
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
    const all = VARIETY.flatMap((item) => [item, ...methods.map((method) => ({ ...item, operation: `${method} /api/v1/things/:id` }))]);
    const events = all.map((item) => toFhirAuditEvent(item, SOURCE));
    expect(events.flatMap(fhirViolations)).toEqual([]);
    const claimed = new Set(events.flatMap(({ meta }) => meta.profile ?? []).map((profile) => profile.split('IHE.BasicAudit.')[1]));
    expect([...claimed].sort()).toEqual(
      ['PrivacyDisclosure.Source', ...Object.keys(BALP), ...Object.keys(BALP).map((name) => `Patient${name}`)].sort(),
    );
  });

  it('a read names client, server and user, the patient by pseudonym, the study by its UID, and the request', () => {
    const event = toFhirAuditEvent(entry(), SOURCE);
    expect(event.meta.profile).toEqual(['https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead']);
    expect(event.agent.map(({ who, requestor }) => [who.identifier?.value ?? who.display, requestor])).toEqual([
      ['192.0.2.7', false],
      ['isocenter@test', false],
      ['user-1', true],
    ]);
    expect(event.entity.map(({ what }) => what?.identifier?.value)).toEqual([PSEUDONYM, `urn:oid:${STUDY}`, 'request-1']);
    expect(event.purposeOfEvent).toEqual([{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }] }]);
  });

  it('a search tells by which fields, not for what', () => {
    const search = entry({ action: 'search', operation: 'GET /api/v1/studies', ...NOTHING, details: { fields: 'q' } });
    const [query] = toFhirAuditEvent(search, SOURCE).entity;
    expect(Buffer.from(query?.query ?? '', 'base64').toString()).toBe('GET /api/v1/studies?q');
  });
});
