import { CancelledError, type QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router';
import type { Output } from '../contract/endpoint.ts';
import type { getWhoAmI } from '../contract/identity.ts';
import { ApiProblem } from './api.ts';
import { profileQuery, whoAmIQuery } from './queries.ts';
import { homeFor } from './shell/places.ts';
import { SignedIn } from './shell/SignedIn.tsx';

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

/** Everything under it needs a session; without one the visitor goes to the sign-in, and comes back after. */
export const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: SignedIn,
  beforeLoad: async ({ context, location }) => {
    const who = await whoIs(context.queryClient, location.pathname);
    // Without the second factor that the role needs the server answers nothing else.
    if (who.must_enroll && location.pathname !== '/account') throw redirect({ to: '/account' });
    const home = homeFor(who.permissions);
    if (location.pathname === '/' && home !== '/' && !who.must_enroll) throw redirect({ to: home });
  },
});

async function whoIs(queryClient: QueryClient, pathname: string): Promise<Output<typeof getWhoAmI>> {
  try {
    const [who] = await Promise.all([queryClient.ensureQueryData(whoAmIQuery), queryClient.ensureQueryData(profileQuery)]);
    return who;
  } catch (error) {
    // What is asked while the session ends is dropped with all that was loaded.
    const isOver = error instanceof CancelledError || (error instanceof ApiProblem && error.status === 401);
    if (!isOver) throw error;
    throw redirect({ to: '/sign-in', search: pathname === '/' ? {} : { next: pathname } });
  }
}
