import type { FastifyRequest } from 'fastify';
import type { Permission } from '../../contract/permission.ts';
import { AppError } from './errors.ts';

/** Who asks. The only role until more are needed is the administrator, who may do everything. */
export type Principal = { user_id: string; username: string; full_name: string; role: 'admin' };

/** Finds the principal of a request, if it carries a valid session. */
export type Authenticate = (request: FastifyRequest) => Promise<Principal | undefined>;

const GRANTS: Record<Principal['role'], 'all' | readonly Permission[]> = { admin: 'all' };

/** @throws {AppError} `unauthenticated` without a principal, `forbidden` if its role lacks the permission */
export function requirePermission(principal: Principal | undefined, permission: Permission): void {
  if (permission === 'public') return;
  if (!principal) throw new AppError('unauthenticated', 'This needs a session');
  const grants = GRANTS[principal.role];
  if (permission === 'session' || grants === 'all' || grants.includes(permission)) return;
  throw new AppError('forbidden', `The role ${principal.role} lacks ${permission}`);
}
