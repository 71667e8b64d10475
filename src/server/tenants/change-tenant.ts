import { AppError } from '../platform/errors.ts';
import type { SystemDb } from '../platform/ports.ts';
import { findTenant, type TenantRow } from './queries.ts';
import { updateTenant } from './repository.ts';

export type TenantChange = { name?: string; ae_title?: string | null; is_active?: boolean };

/**
 * Changes a tenant; what is not named stays.
 *
 * @throws {AppError} `not-found`, `wrong-state` if its application entity title is taken
 */
export async function changeTenant(
  { systemDb, config }: { systemDb: SystemDb; config: { aeTitle: string } },
  id: string,
  { name, ae_title, is_active }: TenantChange,
): Promise<TenantRow> {
  const before = await findTenant(systemDb, id);
  if (!before) throw new AppError('not-found', `No tenant ${id}`);
  const after: TenantRow = {
    ...before,
    ...(name === undefined ? {} : { name }),
    ...(ae_title === undefined ? {} : { ae_title }),
    ...(is_active === undefined ? {} : { is_active: is_active ? 1 : 0 }),
  };
  // The configured title is that of the default tenant.
  if (ae_title === config.aeTitle || !(await updateTenant(systemDb, after)))
    throw new AppError('wrong-state', 'A tenant with this application entity title is there already');
  return after;
}
