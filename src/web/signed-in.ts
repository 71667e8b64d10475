import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { ApiProblem } from './api.ts';
import { profileQuery, whoAmIQuery } from './queries.ts';
import { SignedIn } from './shell/SignedIn.tsx';

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

/** Everything under it needs a session; without one the visitor goes to the sign-in, and comes back after. */
export const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: SignedIn,
  beforeLoad: async ({ context, location }) => {
    try {
      await Promise.all([context.queryClient.ensureQueryData(profileQuery), context.queryClient.ensureQueryData(whoAmIQuery)]);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.pathname } });
    }
  },
});
