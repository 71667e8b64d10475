import {
  Activity,
  Building2,
  CalendarClock,
  ChartColumn,
  FileSearch,
  HardDrive,
  Info,
  KeyRound,
  Link2,
  ListChecks,
  Lock,
  LogIn,
  type LucideIcon,
  Radio,
  Recycle,
  Route,
  ScrollText,
  ShieldCheck,
  Siren,
  SlidersHorizontal,
  Timer,
  UserRoundX,
  UsersRound,
  Webhook,
} from 'lucide-react';
import type { GrantedPermission } from '../../contract/permission.ts';
import { adminWords } from '../strings/admin/words.ts';
import { operationsWords } from '../strings/operations/words.ts';

const { places } = adminWords;
const { places: operations } = operationsWords;

/** A screen of the administration: who lacks the permission does not see it. */
export type AdminPlace = { to: string; title: string; icon: LucideIcon; permission: GrantedPermission | 'everybody' };
export type PlaceGroup = { title: string; places: readonly AdminPlace[] };

/** The side navigation of the administration, in its order. */
const ADMIN_PLACES: readonly PlaceGroup[] = [
  {
    title: operations.operation,
    places: [
      { to: '/admin/system', title: operations.system, icon: Activity, permission: 'system:read' },
      { to: '/admin/analytics', title: operations.analytics, icon: ChartColumn, permission: 'patient:read' },
      { to: '/admin/jobs', title: operations.jobs, icon: ListChecks, permission: 'system:read' },
      { to: '/admin/storage', title: operations.storage, icon: HardDrive, permission: 'system:read' },
    ],
  },
  {
    title: operations.exchange,
    places: [
      { to: '/admin/peers', title: operations.peers, icon: Radio, permission: 'peer:read' },
      { to: '/admin/routing', title: operations.routing, icon: Route, permission: 'routing:read' },
      { to: '/admin/orders', title: operations.orders, icon: CalendarClock, permission: 'worklist:read' },
      { to: '/admin/webhooks', title: operations.webhooks, icon: Webhook, permission: 'webhook:read' },
    ],
  },
  {
    title: places.people,
    places: [
      { to: '/admin/users', title: places.users, icon: UsersRound, permission: 'user:read' },
      { to: '/admin/emergency', title: places.emergency, icon: Siren, permission: 'audit:read' },
      { to: '/admin/keys', title: places.keys, icon: KeyRound, permission: 'api-key:read' },
      { to: '/admin/shares', title: places.shares, icon: Link2, permission: 'share:read' },
      { to: '/admin/providers', title: places.providers, icon: LogIn, permission: 'user:read' },
      { to: '/admin/policies', title: places.policies, icon: ShieldCheck, permission: 'user:read' },
      { to: '/admin/targets', title: places.targets, icon: Timer, permission: 'system:read' },
      { to: '/admin/tenants', title: places.tenants, icon: Building2, permission: 'tenant:read' },
    ],
  },
  {
    title: places.records,
    places: [
      { to: '/admin/audit', title: places.audit, icon: FileSearch, permission: 'audit:read' },
      { to: '/admin/privacy', title: places.privacy, icon: UserRoundX, permission: 'patient:erase' },
      { to: '/admin/recycle', title: places.recycle, icon: Recycle, permission: 'study:delete' },
    ],
  },
  {
    title: places.installation,
    places: [
      { to: '/admin/encryption', title: places.encryption, icon: Lock, permission: 'system:read' },
      { to: '/admin/settings', title: places.settings, icon: SlidersHorizontal, permission: 'tenant:read' },
      { to: '/admin/licenses', title: places.licenses, icon: ScrollText, permission: 'everybody' },
      { to: '/admin/about', title: places.about, icon: Info, permission: 'everybody' },
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
