import type { FastifyInstance } from 'fastify';
import { getProfile, getSetup, login, logout, setUpAdministrator } from '../../contract/identity.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import { findUserById, profileOf } from './repository.ts';
import { closeSession, openSession, SESSION_COOKIE } from './session.ts';
import { needsSetup, setUpFirstAdministrator } from './setup.ts';

export function identityRoutes(http: FastifyInstance, deps: { db: Db; now: () => Date }): void {
  serve(http, getSetup, async () => ({ needs_setup: await needsSetup(deps.db) }));
  serve(http, setUpAdministrator, async ({ body }) => setUpFirstAdministrator(deps, body));
  serve(http, login, async ({ body, request, reply }) => {
    const session = await openSession(deps, body.username, body.password);
    const secure = request.protocol === 'https';
    reply.setCookie(SESSION_COOKIE, session.token, {
      httpOnly: true,
      sameSite: 'strict',
      secure,
      path: '/',
      expires: new Date(session.expires_at),
    });
    return { profile: profileOf(session.user), expires_at: session.expires_at };
  });
  serve(http, logout, async ({ request, reply }) => {
    await closeSession(deps, request);
    reply.clearCookie(SESSION_COOKIE, { path: '/' });
    return {};
  });
  serve(http, getProfile, async ({ principal }) => {
    const user = await findUserById(deps.db, principal.user_id);
    if (!user) throw new AppError('unauthenticated', 'The account no longer exists');
    return profileOf(user);
  });
}
