import { TENANT_ROLES, type TenantRole } from '../../../contract/identity-users.ts';
import { peopleWords } from '../../strings/people/words.ts';

/** The roles that an account can have, as choices in the order of the contract. */
export const ROLE_CHOICES: readonly (readonly [TenantRole, string])[] = TENANT_ROLES.map((role) => [role, peopleWords.roles[role]]);
