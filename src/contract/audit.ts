import { type Static, Type } from 'typebox';
import { ActorKind, AuditAction, AuditOutcome, Purpose } from './audit-terms.ts';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** One entry, with its place in the tenant's chain. No names of patients, and no text that somebody typed. */
export const AuditEntry = Type.Object({
  /** 1 for the tenant's first entry, then one more each. */
  seq: Type.Integer({ minimum: 1 }),
  /** When it was written: with the act, or a moment after it. */
  at: Instant,
  actor_kind: ActorKind,
  actor_id: Nullable(Type.String()),
  /** User name, name of the key, application entity title. */
  actor_name: Nullable(Type.String()),
  actor_role: Nullable(Type.String()),
  action: AuditAction,
  /** Exactly what was called: method and path, DIMSE command, command line, job. */
  operation: Type.String(),
  object_type: Nullable(Type.String()),
  object_id: Nullable(Type.String()),
  study_instance_uid: Nullable(Uid),
  /** Keyed pseudonym of the patient: the same for all entries of a patient, and not to be undone without the key. */
  patient: Nullable(Type.String()),
  purpose: Nullable(Purpose),
  outcome: AuditOutcome,
  /** Kind of the error, if it did not succeed. */
  reason: Nullable(Type.String()),
  /** Network address or application entity title that the request came from. */
  source: Nullable(Type.String()),
  request_id: Nullable(Type.String()),
  details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  /** Hash of the entry before; 64 zeros for the first. */
  previous_hash: Sha256,
  /** SHA-256 of the canonical JSON (RFC 8785) of all the rest, with the tenant. */
  hash: Sha256,
});
export type AuditEntry = Static<typeof AuditEntry>;

const Span = {
  /** From this instant on. */
  from: Type.Optional(Instant),
  /** Before this instant. */
  to: Type.Optional(Instant),
};
const Word = Type.String({ minLength: 1, maxLength: 200 });

export const listAuditEntries = endpoint({
  method: 'GET',
  path: '/api/v1/audit',
  summary: 'Who did what, newest first',
  permission: 'audit:read',
  query: Type.Object({
    ...PageQuery,
    ...Span,
    /** Id or name of who acted. */
    actor: Type.Optional(Word),
    /** Id of the patient's record. */
    patient: Type.Optional(Word),
    /** Id of what was acted on, or the UID of its study. */
    object: Type.Optional(Word),
    action: Type.Optional(AuditAction),
    outcome: Type.Optional(AuditOutcome),
    source: Type.Optional(Word),
    request_id: Type.Optional(Word),
  }),
  response: Page(AuditEntry),
});

/** `ndjson` is what `isocenter verify-audit` takes. */
export const AuditFormat = Type.Enum(['ndjson', 'fhir', 'dicom-xml']);
export type AuditFormat = Static<typeof AuditFormat>;
export const exportAudit = endpoint({
  method: 'GET',
  path: '/api/v1/audit/export',
  summary: 'All entries of a span: signed lines to verify, FHIR R4 AuditEvent resources, or DICOM audit messages',
  permission: 'audit:export',
  query: Type.Object({ ...Span, format: Type.Optional(AuditFormat) }),
  response: Type.Unknown(),
  produces: 'application/x-ndjson',
});

export const getAuditKey = endpoint({
  method: 'GET',
  path: '/api/v1/audit/key',
  summary: 'Public key (Ed25519, PEM) that checkpoints and exports are signed with',
  permission: 'audit:read',
  response: Type.Unknown(),
  produces: 'application/x-pem-file',
});

/** A signed statement that the chain had this hash at this entry. */
export const AuditCheckpoint = Type.Object({
  form: Type.Literal('isocenter-audit-checkpoint/1'),
  tenant_id: Type.String(),
  /** 1 for the tenant's first checkpoint, then one more each. */
  number: Type.Integer({ minimum: 1 }),
  /** The entry that it vouches for, with all before it. */
  seq: Type.Integer({ minimum: 0 }),
  hash: Sha256,
  at: Instant,
  /** Whether every entry since the checkpoint before was found unchanged. */
  intact: Type.Boolean(),
  /** SHA-256 of the checkpoint before; 64 zeros for the first. */
  previous_checkpoint: Sha256,
  /** SHA-256 of the public key, its first 16 digits. */
  key_id: Type.String(),
  /** Ed25519 over the canonical JSON of all the rest, base64url. */
  signature: Type.String(),
});
export type AuditCheckpoint = Static<typeof AuditCheckpoint>;
export const listAuditCheckpoints = endpoint({
  method: 'GET',
  path: '/api/v1/audit/checkpoints',
  summary: 'Signed checkpoints, newest first: keep them elsewhere, and nobody can cut the end of the trail unseen',
  permission: 'audit:read',
  query: Type.Object(PageQuery),
  response: Page(AuditCheckpoint),
});

/** To whom something of a patient was given, and what. */
export const Disclosure = Type.Object({
  at: Instant,
  recipient: Type.String(),
  recipient_kind: ActorKind,
  recipient_role: Nullable(Type.String()),
  action: AuditAction,
  operation: Type.String(),
  object_type: Nullable(Type.String()),
  object_id: Nullable(Type.String()),
  study_instance_uid: Nullable(Uid),
  purpose: Nullable(Purpose),
  source: Nullable(Type.String()),
});
export type Disclosure = Static<typeof Disclosure>;
export const listDisclosures = endpoint({
  method: 'GET',
  path: '/api/v1/audit/disclosures',
  summary: 'Accounting of disclosures of one patient, newest first: what left the house; with `staff`, also what was read within it',
  permission: 'audit:read',
  query: Type.Object({
    ...PageQuery,
    ...Span,
    patient: Word,
    staff: Type.Optional(Type.Boolean({ default: false })),
  }),
  response: Page(Disclosure),
});
export const exportDisclosures = endpoint({
  method: 'GET',
  path: '/api/v1/audit/disclosures.csv',
  summary: 'The accounting of disclosures as comma-separated values, oldest first',
  permission: 'audit:export',
  query: Type.Object({ ...Span, patient: Word, staff: Type.Optional(Type.Boolean({ default: false })) }),
  response: Type.Unknown(),
  produces: 'text/csv; charset=utf-8',
});

export const AuditStatistics = Type.Object({
  from: Instant,
  to: Instant,
  entries: Type.Integer(),
  /** How often each act had each outcome on each day (UTC). */
  days: Type.Array(Type.Object({ day: Type.String(), action: AuditAction, outcome: AuditOutcome, count: Type.Integer() })),
  /** Who acted most. */
  actors: Type.Array(
    Type.Object({ actor_kind: ActorKind, actor_id: Nullable(Type.String()), actor_name: Nullable(Type.String()), count: Type.Integer() }),
  ),
});
export type AuditStatistics = Static<typeof AuditStatistics>;
export const getAuditStatistics = endpoint({
  method: 'GET',
  path: '/api/v1/audit/statistics',
  summary: 'Use of the system by day, act and actor; at most 92 days, the last 30 unless told',
  permission: 'audit:read',
  query: Type.Object(Span),
  response: AuditStatistics,
});
