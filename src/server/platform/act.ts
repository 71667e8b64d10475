import type { AuditAction, AuditOutcome, Purpose } from '../../contract/audit-terms.ts';
import type { AuditActor, AuditDetails, NewAuditEntry } from './audit-entry.ts';
import type { Principal } from './auth.ts';
import { AppError, ERROR_KINDS, type ErrorKind } from './errors.ts';

/**
 * One act through one door, while it is under way: what its audit entry will say. The door begins it; whoever learns more of it on the
 * way (who signed in, which patient it is about, how many were given out) adds that.
 */
export type Act = {
  tenantId: string;
  actor: AuditActor;
  action: AuditAction;
  operation: string;
  object?: { type: string; id: string | null };
  study_instance_uid?: string | null;
  /** Id of the patient's record. */
  patient_id?: string | null;
  purpose: Purpose | null;
  source: string | null;
  request_id: string | null;
  details: AuditDetails;
  /** How many transactions have committed an entry of it. */
  committed: number;
};

/** Who acts, as an entry names him. A patient's own user name may be his name: his entries have the id alone. */
export function actorOf({ kind, id, username, role }: Principal): AuditActor {
  return { kind, id, name: role === 'patient' ? null : username, role };
}

/** What this server does by itself. */
export function systemActor(name: string): AuditActor {
  return { kind: 'system', id: name, name: null, role: null };
}

export const NOBODY: AuditActor = { kind: 'anonymous', id: null, name: null, role: null };

export function beginAct(act: Pick<Act, 'tenantId' | 'actor' | 'action' | 'operation'> & Partial<Act>): Act {
  return { purpose: null, source: null, request_id: null, details: {}, committed: 0, ...act };
}

/** The entry of an act as it stands. */
export function entryOf(act: Act, ended: { outcome?: AuditOutcome; reason?: string | null } = {}): NewAuditEntry {
  const { tenantId: _tenant, committed: _committed, ...entry } = act;
  return { ...entry, ...ended };
}

/** How an act ended that threw: somebody was not let, or it went wrong. */
export function endOf(error: unknown): { outcome: AuditOutcome; reason: ErrorKind } {
  const reason = error instanceof AppError ? error.kind : 'internal';
  return { outcome: outcomeOf(ERROR_KINDS[reason].http), reason };
}

/** 401, 403, 404, 423 and 429 say that somebody was not let: what is another tenant's is answered as if it were not there. */
export function outcomeOf(status: number): AuditOutcome {
  if (status < 400) return 'success';
  return [401, 403, 404, 423, 429].includes(status) ? 'refused' : 'failed';
}
