import { userInfo } from 'node:os';
import type { AuditAction } from '../contract/audit-terms.ts';
import { type Act, beginAct, entryOf } from '../server/platform/act.ts';
import { actingScope } from '../server/platform/acting-scope.ts';
import type { AuditDetails } from '../server/platform/audit-entry.ts';
import type { Scope } from '../server/platform/scope.ts';

/** An act of the command line: its actor is the account of the operating system, which has every right there is. */
export function commandAct({ tenant_id: tenantId }: Pick<Scope, 'tenant_id'>, command: string, action: AuditAction): Act {
  const { username } = userInfo();
  const actor = { kind: 'cli' as const, id: username, name: username, role: 'operator' };
  return beginAct({ tenantId, actor, action, operation: `isocenter ${command}`, purpose: 'HSYSADMIN' });
}

/** What is open, with a scope whose writes of patient data become entries of the act. */
export function acting<D extends Scope>(deps: D, act: Act): D {
  return { ...deps, ...actingScope(deps, act) };
}

/** Writes the entry of an act that is done. */
export async function recordAct({ audit }: Pick<Scope, 'audit'>, act: Act, { object, details = {} }: Done = {}): Promise<void> {
  await audit.record(act.tenantId, { ...entryOf(act), ...(object ? { object } : {}), details });
}

type Done = { object?: { type: string; id: string | null }; details?: AuditDetails };
