import type { XmlElement } from './xml.ts';

type Rule = {
  required?: Record<string, RegExp>;
  optional?: Record<string, RegExp>;
  /** Names of the children in their order, each followed by a space. */
  children: RegExp;
  /** What the text has to be; none unless told. */
  text?: RegExp;
};

const TOKEN = /^\S(.*\S)?$/s;
const ANY = /^.*$/s;
const BASE64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const NUMBER = /^\d+$/;
const UID = /^[0-2]((\.0)|(\.[1-9][0-9]*))*$/;
const CODED: Rule = {
  required: { 'csd-code': TOKEN, codeSystemName: TOKEN, originalText: TOKEN },
  optional: { displayName: TOKEN },
  children: /^$/,
};

/** The schema of DICOM audit messages (PS3.15 A.5.1.1), rule by rule. */
const GRAMMAR: Record<string, Rule> = {
  AuditMessage: { children: /^EventIdentification (ActiveParticipant )+AuditSourceIdentification (ParticipantObjectIdentification )*$/ },
  EventIdentification: {
    required: { EventDateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, EventOutcomeIndicator: /^(0|4|8|12)$/ },
    optional: { EventActionCode: /^[CRUDE]$/ },
    children: /^EventID (EventTypeCode )*(EventOutcomeDescription )?$/,
  },
  EventID: CODED,
  EventTypeCode: CODED,
  EventOutcomeDescription: { children: /^$/, text: ANY },
  ActiveParticipant: {
    required: { UserID: ANY, UserIsRequestor: /^(true|false)$/ },
    optional: { AlternativeUserID: ANY, UserName: ANY, NetworkAccessPointID: TOKEN, NetworkAccessPointTypeCode: /^[1-5]$/ },
    children: /^(RoleIDCode )*(MediaIdentifier )?$/,
  },
  RoleIDCode: CODED,
  AuditSourceIdentification: {
    required: { AuditSourceID: TOKEN },
    optional: { AuditEnterpriseSiteID: TOKEN },
    children: /^(AuditSourceTypeCode )*$/,
  },
  AuditSourceTypeCode: { required: { 'csd-code': /^[1-9]$/ }, children: /^$/ },
  ParticipantObjectIdentification: {
    required: { ParticipantObjectID: TOKEN },
    optional: {
      ParticipantObjectTypeCode: /^[1-4]$/,
      ParticipantObjectTypeCodeRole: /^([1-9]|1\d|2[0-6])$/,
      ParticipantObjectDataLifeCycle: /^([1-9]|1[0-5])$/,
      ParticipantObjectSensitivity: TOKEN,
    },
    children:
      /^ParticipantObjectIDTypeCode (ParticipantObjectName|ParticipantObjectQuery) (ParticipantObjectDetail )*(ParticipantObjectDescription )*$/,
  },
  ParticipantObjectIDTypeCode: CODED,
  ParticipantObjectName: { children: /^$/, text: TOKEN },
  ParticipantObjectQuery: { children: /^$/, text: BASE64 },
  ParticipantObjectDetail: { required: { type: TOKEN, value: BASE64 }, children: /^$/ },
  ParticipantObjectDescription: { children: /^(MPPS )*(Accession )*(SOPClass )*(ParticipantObjectContainsStudy )?$/ },
  SOPClass: { required: { NumberOfInstances: NUMBER }, optional: { UID }, children: /^(Instance )*$/ },
};

/** What of a message the schema does not allow, one sentence each. */
export function grammarViolations(element: XmlElement): string[] {
  const { name, attributes, children, text } = element;
  const rule = GRAMMAR[name];
  if (!rule) return [`${name} is no element of an audit message`];
  const found: string[] = [];
  const known = { ...rule.required, ...rule.optional };
  for (const required of Object.keys(rule.required ?? {})) if (!(required in attributes)) found.push(`${name} lacks ${required}`);
  for (const [attribute, value] of Object.entries(attributes)) {
    const allowed = known[attribute];
    if (!allowed) found.push(`${name} has no ${attribute}`);
    else if (!allowed.test(value)) found.push(`${name} has ${attribute} ${value}`);
  }
  const order = children.map((child) => `${child.name} `).join('');
  if (!rule.children.test(order)) found.push(`${name} holds ${order}`);
  if (rule.text ? !rule.text.test(text) : text.trim() !== '') found.push(`${name} has the text ${text}`);
  return [...found, ...children.flatMap(grammarViolations)];
}
