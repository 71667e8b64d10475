import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  addProvider,
  beginSignOn as beginSignOnEndpoint,
  completeSignOn as completeSignOnEndpoint,
  listProviders as listProvidersEndpoint,
  listSignInProviders,
  removeProvider,
  updateProvider,
} from '../../contract/identity-providers.ts';
import { serve } from '../platform/route.ts';
import { DEFAULT_TENANT } from '../platform/scope.ts';
import { findTenant } from '../tenants/queries.ts';
import type { Identity } from './identity.ts';
import { ownOrigin } from './own-origin.ts';
import { listProviders } from './provider-repository.ts';
import { changeProvider, dropProvider, makeProvider, providerOf } from './providers.ts';
import { welcome } from './routes.ts';
import { clientOf } from './session.ts';
import { beginSignOn, completeSignOn } from './single-sign-on.ts';

const COOKIE = 'isocenter_sign_on';
const COOKIE_SECONDS = 5 * 60;

/** Providers of sign-on (OpenID Connect): which there are, and the way in by one. */
export function providerRoutes(http: FastifyInstance, identity: Identity): void {
  const originOf = (request: FastifyRequest): string => ownOrigin(identity.config.publicUrls, request);
  settingRoutes(http, identity, originOf);
  serve(http, listSignInProviders, async ({ query }) => {
    const tenant = await findTenant(identity.systemDb, query.tenant ?? DEFAULT_TENANT);
    if (tenant?.is_active !== 1) return { items: [] };
    const { db } = await identity.scope(tenant.id);
    return { items: (await listProviders(db)).filter(({ is_active }) => is_active === 1) };
  });
  serve(http, beginSignOnEndpoint, async ({ body, request, reply }) => {
    const { provider_id: providerId, return_to: returnTo = '/' } = body;
    const { url, browser } = await beginSignOn(identity, { providerId, origin: originOf(request), returnTo });
    reply.setCookie(cookieName(request), browser, { ...cookieOptions(request), maxAge: COOKIE_SECONDS });
    return { url };
  });
  serve(http, completeSignOnEndpoint, async ({ params, act, request, reply }) => {
    const query = new URL(request.url, 'http://localhost').search;
    const answer = { providerId: params.id, query, browser: request.cookies[cookieName(request)] };
    reply.clearCookie(cookieName(request), cookieOptions(request));
    const { signIn, returnTo } = await completeSignOn(identity, answer, clientOf(request, act));
    if ('challenge' in signIn) return lead(reply, `/sign-in#challenge=${signIn.challenge}`);
    await welcome(identity, signIn, { request, reply });
    return lead(reply, returnTo);
  });
}

function settingRoutes(http: FastifyInstance, identity: Identity, originOf: (request: FastifyRequest) => string): void {
  serve(http, listProvidersEndpoint, async ({ scope, request }) => ({
    items: (await listProviders(scope.db)).map((row) => providerOf(row, originOf(request))),
  }));
  serve(http, addProvider, async ({ body, scope, request }) => providerOf(await makeProvider(identity, scope, body), originOf(request)));
  serve(http, updateProvider, async ({ body, params, scope, request }) =>
    providerOf(await changeProvider(identity, scope, { id: params.id, change: body }), originOf(request)),
  );
  serve(http, removeProvider, async ({ params, scope }) => {
    await dropProvider(identity, scope, params.id);
    return {};
  });
}

/** A page of this server, never another host. */
function lead(reply: FastifyReply, page: string): FastifyReply {
  return reply.status(302).header('location', page).send();
}

function cookieName({ protocol }: FastifyRequest): string {
  return protocol === 'https' ? `__Host-${COOKIE}` : COOKIE;
}

/** `lax`: it has to come along when the provider sends the browser back. */
function cookieOptions({ protocol }: FastifyRequest) {
  return { httpOnly: true, sameSite: 'lax', secure: protocol === 'https', path: '/' } as const;
}
