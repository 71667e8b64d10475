import type { LinkProps } from '@tanstack/react-router';
import type { GrantedPermission } from '../../contract/permission.ts';
import { strings } from '../strings/strings.ts';

const text = strings.nav;

export type Place = {
  to: NonNullable<LinkProps['to']>;
  title: string;
  /** Whoever has none of these does not see the place; the server refuses what stands behind it anyway. */
  anyOf?: readonly GrantedPermission[];
};
export type PlaceGroup = { title: string; places: readonly Place[] };

/** What the screens of the administration need; each looks for its own. */
const ADMINISTRATION: readonly GrantedPermission[] = [
  'user:read',
  'api-key:read',
  'share:read',
  'audit:read',
  'tenant:read',
  'system:read',
];

/** Everything that can be gone to, in the order of the day's work. A place stands here when its screen does. */
const GROUPS: readonly PlaceGroup[] = [
  {
    title: text.worklist,
    places: [
      { to: '/', title: text.studies, anyOf: ['study:read'] },
      { to: '/critical-results', title: text.criticalResults, anyOf: ['report:write'] },
    ],
  },
  { title: text.patients, places: [{ to: '/patients', title: text.patients, anyOf: ['patient:read'] }] },
  { title: text.diagnoses, places: [{ to: '/diagnoses', title: text.diagnoses, anyOf: ['diagnosis:read'] }] },
  { title: text.research, places: [{ to: '/research', title: text.research, anyOf: ['literature:search'] }] },
  {
    title: text.tools,
    places: [
      { to: '/scores', title: text.scores },
      { to: '/drug-safety', title: text.drugSafety, anyOf: ['drug-safety:check'] },
    ],
  },
  { title: text.models, places: [{ to: '/models', title: text.models, anyOf: ['model:read'] }] },
  { title: text.administration, places: [{ to: '/admin', title: text.administration, anyOf: ADMINISTRATION }] },
];

/** The groups of which one who has `permissions` may see something, each with what that is. */
export function placesFor(permissions: readonly string[]): PlaceGroup[] {
  return GROUPS.map(({ title, places }) => ({
    title,
    places: places.filter(({ anyOf }) => anyOf === undefined || anyOf.some((permission) => permissions.includes(permission))),
  })).filter(({ places }) => places.length > 0);
}

/** Where one begins: at the studies, or for a role that reads none at what it does. */
export function homeFor(permissions: readonly string[]): Place['to'] {
  if (permissions.includes('study:read')) return '/';
  if (ADMINISTRATION.some((permission) => permissions.includes(permission))) return '/admin';
  return placesFor(permissions)[0]?.places[0]?.to ?? '/account';
}
