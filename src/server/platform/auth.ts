import type { FastifyRequest } from 'fastify';
import { DEIDENTIFIED_LABEL, type GrantedPermission, type Permission, type Reach, type Role, reachOf } from '../../contract/permission.ts';
import { AppError } from './errors.ts';
import type { Visibility } from './visibility.ts';

/** Who asks, through whatever door. */
export type Principal = {
  kind: 'user' | 'api_key' | 'share' | 'peer' | 'cli' | 'system';
  tenant_id: string;
  /** Of the account, key, link, peer or job that acts: what a trail names. */
  id: string;
  /** The account that stands behind it; of what has none (a peer, a job) its own id. */
  user_id: string;
  username: string;
  full_name: string;
  role: Role;
  /** Whether the account administers the installation as well. */
  is_operator?: boolean;
  /** Narrows what the role grants, as for a key that may only store. */
  permissions?: readonly GrantedPermission[];
  /** Narrows what is seen, whatever the permission's reach, as for a shared link. */
  visibility?: Visibility;
  /** The one diagnosis whose results a link shows. */
  diagnosis_id?: string;
  /** The patient record whose own studies a `patient` sees. */
  patient_key?: string;
  session_id?: string;
  /** The session ends when it is not used for this long. */
  idle_seconds?: number;
  /** Whether it lacks the second factor that its role needs: it may set one up, and nothing else. */
  must_enroll?: boolean;
  /** Of a key with a limit of its own, besides those of `rate-limits.ts`. */
  requests_per_hour?: number;
};

/** Finds the principal of a request, if it carries a valid session. */
export type Authenticate = (request: FastifyRequest) => Promise<Principal | undefined>;

/**
 * The one check of a right: the principal, and how much of its tenant it sees while it uses the permission.
 *
 * @throws {AppError} `unauthenticated` without a principal, `forbidden` if it lacks the permission
 */
export function requirePermission(
  principal: Principal | undefined,
  permission: Permission,
): { principal: Principal; visibility: Visibility } {
  if (!principal) throw new AppError('unauthenticated', 'This needs a session');
  if (permission === 'public' || permission === 'session') return { principal, visibility: principal.visibility ?? { kind: 'none' } };
  if (principal.must_enroll) throw new AppError('forbidden', 'This role needs a second factor: set one up first');
  const reach = reachFor(principal, permission);
  if (reach === undefined) throw new AppError('forbidden', `The role ${principal.role} lacks ${permission}`);
  return { principal, visibility: principal.visibility ?? visibilityOf(principal, reach) };
}

/** Whether the principal has the permission at all, as for what an answer offers. */
export function mayDo(principal: Principal, permission: GrantedPermission): boolean {
  return reachFor(principal, permission) !== undefined;
}

function reachFor({ role, is_operator, permissions, must_enroll }: Principal, permission: GrantedPermission): Reach | undefined {
  if (must_enroll) return undefined;
  if (permissions && !permissions.includes(permission)) return undefined;
  return reachOf(role, permission) ?? (is_operator ? reachOf('operator', permission) : undefined);
}

function visibilityOf({ user_id, patient_key = '' }: Principal, reach: Reach): Visibility {
  switch (reach) {
    case 'tenant':
      return { kind: 'tenant' };
    case 'assigned':
      return { kind: 'assigned', user_id };
    case 'label':
      return { kind: 'label', label: DEIDENTIFIED_LABEL };
    case 'own':
      // Without a record of one's own, no study: no patient has the empty key.
      return { kind: 'own', patient_key };
  }
}
