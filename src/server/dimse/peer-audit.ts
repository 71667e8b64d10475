import type { AuditAction } from '../../contract/audit-terms.ts';
import { type Act, beginAct, endOf, entryOf } from '../platform/act.ts';
import { actingScope } from '../platform/acting-scope.ts';
import type { AuditDetails } from '../platform/audit-entry.ts';
import type { Scope } from '../platform/scope.ts';

/** Who is at the other end of an association. */
export type Caller = {
  callingAe: string;
  /** Undefined for an application that nobody listed. */
  peerId: string | undefined;
  /** Empty where the connection had ended before it was asked. */
  remoteAddress: string;
  /** Names the association in all of its entries. */
  associationId: string;
};

/** The audit entries of one association. */
export type PeerAudit = {
  /** @throws {AppError} `unavailable` while nothing can be recorded: then nothing is given out */
  requireWritable(): void;
  /** The scope in which the peer stores, by a C-STORE unless told: what it writes of patients commits its entry with it. */
  storing(command?: string): Scope;
  /** An object that was not taken: somebody was not let (`AppError`, or the word for why), or it went wrong. */
  refused(action: AuditAction, command: string, reason: unknown): void;
  /** @param fields the attributes that were asked by, not their values */
  found(query: { level: string; matches: number; fields: string }): void;
  /** Durable when it resolves: objects have left the house. One entry for each study. */
  retrieved(command: string, sent: ReadonlyMap<string, number>, details?: AuditDetails): Promise<void>;
};

export function openPeerAudit(scope: Scope, caller: Caller): PeerAudit {
  const { audit, tenant_id } = scope;
  const begin = (action: AuditAction, command: string): Act => peerAct(tenant_id, caller, action, command);
  return {
    requireWritable: () => audit.requireWritable(tenant_id),
    storing: (command = 'C-STORE') => {
      audit.requireWritable(tenant_id);
      return actingScope(scope, begin('store', command));
    },
    refused: (action, command, reason) => {
      const ended = typeof reason === 'string' ? { outcome: 'refused' as const, reason } : endOf(reason);
      audit.note(tenant_id, entryOf(begin(action, command), ended));
    },
    found: (query) => audit.note(tenant_id, { ...entryOf(begin('find', 'C-FIND')), details: query }),
    retrieved: async (command, sent, details = {}) => {
      const entry = entryOf(begin('retrieve', command));
      for (const [study_instance_uid, instances] of sent) {
        const object = { type: 'study', id: study_instance_uid };
        await audit.record(tenant_id, { ...entry, object, study_instance_uid, details: { ...details, instances } });
      }
    },
  };
}

/** An association that was accepted or refused. */
export function peerAct(
  tenantId: string,
  { callingAe, peerId, remoteAddress, associationId }: Caller,
  action: AuditAction,
  command: string,
): Act {
  const actor = { kind: 'peer' as const, id: peerId ?? null, name: callingAe, role: null };
  return beginAct({ tenantId, actor, action, operation: command, source: remoteAddress || null, request_id: associationId });
}
