import type { ActorKind, AuditAction, AuditOutcome, Purpose } from '../../contract/audit-terms.ts';

/** Who acts. `name` is a user name, the name of a key or a title, never a patient's name. */
export type AuditActor = { kind: ActorKind; id: string | null; name: string | null; role: string | null };

/** Flat, and never patient data or text that somebody typed: counts, codes, names of fields. */
export type AuditDetails = Readonly<Record<string, string | number | boolean>>;

/** What an entry says, before it has its place in the chain. */
export type NewAuditEntry = {
  actor: AuditActor;
  action: AuditAction;
  /** Exactly what was called: method and path, DIMSE command, command line, job. */
  operation: string;
  object?: { type: string; id: string | null };
  /** Found from the object if it is not told. */
  study_instance_uid?: string | null;
  /** Id of the patient's record, found from the study if it is not told; only its keyed pseudonym is written. */
  patient_id?: string | null;
  purpose?: Purpose | null;
  /** `success` unless told. */
  outcome?: AuditOutcome;
  /** Kind of the error. */
  reason?: string | null;
  /** Network address or application entity title. */
  source?: string | null;
  request_id?: string | null;
  details?: AuditDetails;
};
