import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../signed-in.ts';

const admin = createRoute({
  getParentRoute: () => signedIn,
  path: '/admin',
  component: lazyRouteComponent(() => import('./AdminFrame.tsx'), 'AdminFrame'),
});
const start = createRoute({
  getParentRoute: () => admin,
  path: '/',
  component: lazyRouteComponent(() => import('./AdminStart.tsx'), 'AdminStart'),
});
const system = createRoute({
  getParentRoute: () => admin,
  path: '/system',
  component: lazyRouteComponent(() => import('./system/SystemPage.tsx'), 'SystemPage'),
});
const analytics = createRoute({
  getParentRoute: () => admin,
  path: '/analytics',
  component: lazyRouteComponent(() => import('./analytics/AnalyticsPage.tsx'), 'AnalyticsPage'),
});
const peers = createRoute({
  getParentRoute: () => admin,
  path: '/peers',
  component: lazyRouteComponent(() => import('./peers/PeersPage.tsx'), 'PeersPage'),
});
const routing = createRoute({
  getParentRoute: () => admin,
  path: '/routing',
  component: lazyRouteComponent(() => import('./routing/RoutingPage.tsx'), 'RoutingPage'),
});
const orders = createRoute({
  getParentRoute: () => admin,
  path: '/orders',
  component: lazyRouteComponent(() => import('./orders/OrdersPage.tsx'), 'OrdersPage'),
});
const jobs = createRoute({
  getParentRoute: () => admin,
  path: '/jobs',
  component: lazyRouteComponent(() => import('./jobs/JobsPage.tsx'), 'JobsPage'),
});
const storage = createRoute({
  getParentRoute: () => admin,
  path: '/storage',
  component: lazyRouteComponent(() => import('./storage/StoragePage.tsx'), 'StoragePage'),
});
const webhooks = createRoute({
  getParentRoute: () => admin,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./webhooks/WebhooksPage.tsx'), 'WebhooksPage'),
});
const users = createRoute({
  getParentRoute: () => admin,
  path: '/users',
  component: lazyRouteComponent(() => import('./users/UsersPage.tsx'), 'UsersPage'),
});
const emergency = createRoute({
  getParentRoute: () => admin,
  path: '/emergency',
  component: lazyRouteComponent(() => import('./emergency/EmergencyPage.tsx'), 'EmergencyPage'),
});
const tenants = createRoute({
  getParentRoute: () => admin,
  path: '/tenants',
  component: lazyRouteComponent(() => import('./tenants/TenantsPage.tsx'), 'TenantsPage'),
});
const targets = createRoute({
  getParentRoute: () => admin,
  path: '/targets',
  component: lazyRouteComponent(() => import('./targets/TargetsPage.tsx'), 'TargetsPage'),
});
const keys = createRoute({
  getParentRoute: () => admin,
  path: '/keys',
  component: lazyRouteComponent(() => import('./keys/KeysPage.tsx'), 'KeysPage'),
});
const shares = createRoute({
  getParentRoute: () => admin,
  path: '/shares',
  component: lazyRouteComponent(() => import('./shares/SharesPage.tsx'), 'SharesPage'),
});
const providers = createRoute({
  getParentRoute: () => admin,
  path: '/providers',
  component: lazyRouteComponent(() => import('./providers/ProvidersPage.tsx'), 'ProvidersPage'),
});
const policies = createRoute({
  getParentRoute: () => admin,
  path: '/policies',
  component: lazyRouteComponent(() => import('./policies/PoliciesPage.tsx'), 'PoliciesPage'),
});
const audit = createRoute({
  getParentRoute: () => admin,
  path: '/audit',
  component: lazyRouteComponent(() => import('./audit/AuditPage.tsx'), 'AuditPage'),
});
const privacy = createRoute({
  getParentRoute: () => admin,
  path: '/privacy',
  component: lazyRouteComponent(() => import('./privacy/PrivacyPage.tsx'), 'PrivacyPage'),
});
const recycle = createRoute({
  getParentRoute: () => admin,
  path: '/recycle',
  component: lazyRouteComponent(() => import('./recycle/RecyclePage.tsx'), 'RecyclePage'),
});
const encryption = createRoute({
  getParentRoute: () => admin,
  path: '/encryption',
  component: lazyRouteComponent(() => import('./encryption/EncryptionPage.tsx'), 'EncryptionPage'),
});
const settings = createRoute({
  getParentRoute: () => admin,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/SettingsPage.tsx'), 'SettingsPage'),
});
const licenses = createRoute({
  getParentRoute: () => admin,
  path: '/licenses',
  component: lazyRouteComponent(() => import('./licenses/LicensesPage.tsx'), 'LicensesPage'),
});
const about = createRoute({
  getParentRoute: () => admin,
  path: '/about',
  component: lazyRouteComponent(() => import('./about/AboutPage.tsx'), 'AboutPage'),
});

/** The administration: each screen is a child of the frame with the side navigation, and stands in `places.ts`. */
export const adminRoutes = admin.addChildren([
  start,
  system,
  analytics,
  peers,
  routing,
  orders,
  jobs,
  storage,
  webhooks,
  users,
  emergency,
  tenants,
  keys,
  targets,
  shares,
  providers,
  policies,
  audit,
  privacy,
  recycle,
  encryption,
  settings,
  licenses,
  about,
]);
