import { Building2, KeyRound, Link2, LogIn, type LucideIcon, ShieldCheck, Siren, UsersRound } from 'lucide-react';
import type { GrantedPermission } from '../../contract/permission.ts';
import { adminWords } from '../strings/admin/words.ts';

const { places } = adminWords;

/** A screen of the administration: who lacks the permission does not see it. */
export type AdminPlace = { to: string; title: string; icon: LucideIcon; permission: GrantedPermission | 'everybody' };
type PlaceGroup = { title: string; places: readonly AdminPlace[] };

/** The side navigation of the administration, in its order. */
const ADMIN_PLACES: readonly PlaceGroup[] = [
  {
    title: places.people,
    places: [
      { to: '/admin/users', title: places.users, icon: UsersRound, permission: 'user:read' },
      { to: '/admin/emergency', title: places.emergency, icon: Siren, permission: 'audit:read' },
      { to: '/admin/keys', title: places.keys, icon: KeyRound, permission: 'api-key:read' },
      { to: '/admin/shares', title: places.shares, icon: Link2, permission: 'share:read' },
      { to: '/admin/providers', title: places.providers, icon: LogIn, permission: 'user:read' },
      { to: '/admin/policies', title: places.policies, icon: ShieldCheck, permission: 'user:read' },
      { to: '/admin/tenants', title: places.tenants, icon: Building2, permission: 'tenant:read' },
    ],
  },
];

/** The places that a person sees, by group; none while it is not known what the person may do. */
export function placesFor(mayDo: ((permission: GrantedPermission) => boolean) | undefined): PlaceGroup[] {
  if (!mayDo) return [];
  return ADMIN_PLACES.map((group) => ({
    ...group,
    places: group.places.filter(({ permission }) => permission === 'everybody' || mayDo(permission)),
  })).filter((group) => group.places.length > 0);
}
