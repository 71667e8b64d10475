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

/** The administration: each screen is a child of the frame with the side navigation, and stands in `places.ts`. */
export const adminRoutes = admin.addChildren([start, users, emergency, tenants, keys, shares, providers, policies]);
