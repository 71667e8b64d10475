import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  changePassword as changePasswordEndpoint,
  endOtherSessions,
  endSession,
  getProfile,
  getSetup,
  getSigningKeys,
  getWhoAmI,
  listSessions,
  login,
  logout,
  refresh,
  register,
  resetPassword as resetPasswordEndpoint,
  type SignedIn,
  setUpAdministrator,
  updateProfile,
} from '../../contract/identity.ts';
import { actorOf } from '../platform/act.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import { DEFAULT_TENANT } from '../platform/scope.ts';
import { endPresentSession, endReplaced, endSessionsOf } from './access-changes.ts';
import { changePassword, resetPassword } from './account-password.ts';
import { requirePerson } from './authenticate.ts';
import type { Identity } from './identity.ts';
import { personOf, type SignIn } from './log-in.ts';
import { changeProfile, endOwnSession, readProfile, readSessions, whoIs } from './own-account.ts';
import { readPolicies } from './policies.ts';
import { registerUser } from './register.ts';
import { profileOf } from './repository.ts';
import { clearSessionCookie, clientOf, cookieToken, isPage, setSessionCookie } from './session.ts';
import { refreshTokens, stayLonger, tokenPair } from './sessions.ts';
import { needsSetup, setUpFirstAdministrator } from './setup.ts';
import { logIn } from './sign-in.ts';
import { logoutAddress } from './single-sign-on.ts';

/** Coming in, going out, and the own account. */
export function identityRoutes(http: FastifyInstance, identity: Identity): void {
  entranceRoutes(http, identity);
  accountRoutes(http, identity);
  http.addHook('onClose', async () => identity.uses.close());
}

function entranceRoutes(http: FastifyInstance, identity: Identity): void {
  serve(http, getSetup, async () => {
    const { registration } = await readPolicies((await identity.scope(DEFAULT_TENANT)).db, identity.config);
    return { needs_setup: await needsSetup(identity.systemDb), takes_requests: registration === 'approval' };
  });
  serve(http, getSigningKeys, async ({ reply }) => {
    reply.header('cache-control', 'public, max-age=300');
    return { keys: await identity.signingKeys.listPublic() };
  });
  serve(http, setUpAdministrator, async ({ body, act }) => {
    const profile = await setUpFirstAdministrator(identity, body);
    const { id, username, role } = profile;
    Object.assign(act, { actor: { kind: 'user', id, name: username, role }, object: { type: 'user', id } });
    return profile;
  });
  serve(http, register, async ({ body, act, request }) => {
    const made = await registerUser(identity, body, clientOf(request, act));
    if (made === 'pending') return { status: 'pending' as const };
    Object.assign(act, {
      tenantId: made.tenantId,
      actor: actorOf(personOf(made.tenantId, made.user)),
      object: { type: 'user', id: made.user.id },
    });
    return { status: 'active' as const };
  });
  serve(http, login, async ({ body, act, request, reply }) => {
    const signIn = await logIn(identity, body, { client: clientOf(request, act), wantsTokens: !isPage(request) });
    return 'challenge' in signIn ? signIn : welcome(identity, signIn, { request, reply });
  });
  serve(http, refresh, async ({ body, act, request, reply }) => {
    const cookie = cookieToken(request);
    if (body.refresh_token === undefined && cookie === undefined)
      throw new AppError('invalid-request', 'This takes a refresh token, or the cookie of a session');
    const { principal, ...answer } = await (body.refresh_token === undefined
      ? stayLonger(identity, cookie ?? '')
      : refreshTokens(identity, body.refresh_token, act));
    Object.assign(act, { tenantId: principal.tenant_id, actor: actorOf(principal) });
    reply.header('cache-control', 'no-store');
    return answer;
  });
  serve(http, resetPasswordEndpoint, async ({ body, act }) => {
    const { tenantId, user } = await resetPassword(identity, body);
    Object.assign(act, { tenantId, actor: actorOf(personOf(tenantId, user)), object: { type: 'user', id: user.id } });
    return {};
  });
}

function accountRoutes(http: FastifyInstance, identity: Identity): void {
  serve(http, getWhoAmI, async ({ principal }) => whoIs(principal));
  serve(http, logout, async ({ principal, scope, request, reply }) => {
    const logout_url = await logoutAddress(identity, scope, { principal, request });
    await endPresentSession(identity, scope, principal);
    clearSessionCookie(request, reply);
    // Pictures that the browser kept for an hour (https://www.w3.org/TR/clear-site-data/).
    reply.header('clear-site-data', '"cache"');
    return logout_url === undefined ? {} : { logout_url };
  });
  serve(http, getProfile, async ({ principal, scope }) => readProfile(scope, requirePerson(principal)));
  serve(http, updateProfile, async ({ principal, scope, body }) => changeProfile(scope, requirePerson(principal), body));
  serve(http, changePasswordEndpoint, async ({ principal, scope, body }) => {
    const { current_password: current, new_password: next } = body;
    await changePassword(identity, scope, { principal: requirePerson(principal), current, next });
    return {};
  });
  serve(http, listSessions, async ({ principal, scope }) => {
    const { user_id, session_id } = requirePerson(principal);
    return { items: await readSessions(identity, scope, user_id, session_id) };
  });
  serve(http, endSession, async ({ principal, scope, params }) => {
    await endOwnSession(identity, scope, requirePerson(principal), params.id);
    return {};
  });
  serve(http, endOtherSessions, async ({ principal, scope }) => {
    const { user_id, session_id } = requirePerson(principal);
    return { ended: await endSessionsOf(identity, scope, user_id, session_id) };
  });
}

/** The cookie of a new session, and for a client that is no page its tokens. What session the browser had before ends. */
export async function welcome(
  identity: Identity,
  { tenantId, user, session, refreshToken }: SignIn,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<SignedIn> {
  const replaced = cookieToken(request);
  if (replaced !== undefined) await endReplaced(identity, replaced);
  setSessionCookie(request, reply, session);
  const claims = { tenant_id: tenantId, user_id: user.id, session_id: session.id, role: user.role };
  const tokens = refreshToken === undefined ? {} : await tokenPair(identity, refreshToken, claims);
  return { profile: profileOf(user, tenantId), expires_at: session.expires_at, ...tokens };
}
