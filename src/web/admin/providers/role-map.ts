import type { Provider } from '../../../contract/identity-providers.ts';
import { TENANT_ROLES } from '../../../contract/identity-users.ts';

type RoleMap = Provider['role_map'];
type GivenRole = RoleMap[number]['role'];

/** Roles that a provider can give: a patient is tied to a record, which no provider knows. */
export const GIVEN_ROLES = TENANT_ROLES.filter((role): role is GivenRole => role !== 'patient' && role !== 'service');

/** A map as lines of `value = role`. */
export function writeRoleMap(map: RoleMap): string {
  return map.map(({ value, role }) => `${value} = ${role}`).join('\n');
}

/** The map that lines of `value = role` say, in their order; or the number of the first line that says none. */
export function readRoleMap(text: string): { map: RoleMap } | { wrongLine: number } {
  const map: RoleMap = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const at = line.lastIndexOf('=');
    const value = line.slice(0, Math.max(0, at)).trim();
    const role = GIVEN_ROLES.find((known) => known === line.slice(at + 1).trim());
    if (at < 0 || value === '' || !role) return { wrongLine: index + 1 };
    map.push({ value, role });
  }
  return { map };
}
