import { type Static, Type } from 'typebox';

/**
 * What was done. `store`, `find` and `retrieve` are the acts of DICOM peers, `associate` their associations; `forward` is what this
 * server sends to others by itself, `system` what it does to its own state. A refusal keeps the act that was tried.
 */
export const AUDIT_ACTIONS = [
  'access',
  'search',
  'export',
  'import',
  'change',
  'delete',
  'analyze',
  'report',
  'login',
  'logout',
  'admin',
  'associate',
  'store',
  'find',
  'retrieve',
  'forward',
  'system',
] as const;
export const AuditAction = Type.Enum([...AUDIT_ACTIONS]);
export type AuditAction = Static<typeof AuditAction>;

/** `refused`: somebody was not let; `failed`: it was allowed, and went wrong. */
export const AuditOutcome = Type.Enum(['success', 'refused', 'failed']);
export type AuditOutcome = Static<typeof AuditOutcome>;

/** Who acts: a person, a key, the holder of a share link, a DICOM peer, the command line, this server, or somebody unknown. */
export const ActorKind = Type.Enum(['user', 'api_key', 'share', 'peer', 'cli', 'system', 'anonymous']);
export type ActorKind = Static<typeof ActorKind>;

/** Purpose of use, as codes of HL7 v3 ActReason: treatment, emergency, operations, administration, payment, research, on the patient's request, public health. */
export const PURPOSES = ['TREAT', 'ETREAT', 'HOPERAT', 'HSYSADMIN', 'HPAYMT', 'HRESCH', 'PATRQT', 'PUBHLTH'] as const;
export const Purpose = Type.Enum([...PURPOSES]);
export type Purpose = Static<typeof Purpose>;
