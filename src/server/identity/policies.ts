import { Value } from 'typebox/value';
import { Policies } from '../../contract/identity-tenants.ts';
import type { Principal } from '../platform/auth.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { findSetting, putSetting } from './setting-repository.ts';

const SETTING = 'policies';

/** What an installation begins with; `registration` is configured. */
export type PolicyDefaults = Pick<Policies, 'registration'>;

/** The tenant's rules. A setting of an earlier version may lack some: then their defaults hold. */
export async function readPolicies(db: Db | Tx, defaults: PolicyDefaults): Promise<Policies> {
  const text = await findSetting(db, SETTING);
  const fallback: Policies = {
    ...defaults,
    patient_portal: false,
    mfa_required: [],
    session_idle_minutes: 15,
    session_hours: 24,
    model_access: {},
  };
  const stored: unknown = text === undefined ? {} : JSON.parse(text);
  const merged = { ...fallback, ...(typeof stored === 'object' ? stored : {}) };
  // What was written by another version and does not fit is not half believed.
  return Value.Check(Policies, merged) ? merged : fallback;
}

export async function writePolicies(tx: Tx, policies: Policies): Promise<void> {
  await putSetting(tx, SETTING, JSON.stringify(Value.Clean(Policies, structuredClone(policies))));
}

/** Which of the models the role may use: all of them where the rules of the tenant name none for it. */
export async function allowedModels(db: Db, { role }: Principal): Promise<{ has(modelId: string): boolean }> {
  // What registration is does not matter here.
  const { model_access } = await readPolicies(db, { registration: 'closed' });
  const named = model_access[role];
  return named ? new Set(named) : { has: () => true };
}
