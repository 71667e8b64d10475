import type { FastifyInstance } from 'fastify';
import {
  addPasskey as addPasskeyEndpoint,
  beginPasskey as beginPasskeyEndpoint,
  beginPasskeySignIn as beginSignInEndpoint,
  listPasskeys as listPasskeysEndpoint,
  removePasskey as removePasskeyEndpoint,
  renamePasskey as renamePasskeyEndpoint,
  signInWithPasskey as signInEndpoint,
} from '../../contract/identity-passkeys.ts';
import { serve } from '../platform/route.ts';
import { requirePerson } from './authenticate.ts';
import type { Identity } from './identity.ts';
import { listPasskeys } from './passkey-repository.ts';
import {
  addPasskey,
  beginPasskey,
  beginPasskeySignIn,
  passkeyOf,
  relyingPartyOf,
  removePasskey,
  renamePasskey,
  signInWithPasskey,
} from './passkeys.ts';
import { welcome } from './routes.ts';
import { clientOf, isPage } from './session.ts';

/** Passkeys (WebAuthn). */
export function passkeyRoutes(http: FastifyInstance, identity: Identity): void {
  const { publicUrls } = identity.config;
  serve(http, listPasskeysEndpoint, async ({ principal, scope }) => ({
    items: (await listPasskeys(scope.db, requirePerson(principal).user_id)).map(passkeyOf),
  }));
  serve(http, beginPasskeyEndpoint, async ({ body, principal, scope, request }) =>
    beginPasskey(identity, scope, { principal: requirePerson(principal), confirmed: body, party: relyingPartyOf(publicUrls, request) }),
  );
  serve(http, addPasskeyEndpoint, async ({ body, principal, scope }) =>
    addPasskey(identity, scope, { ...body, principal: requirePerson(principal) }),
  );
  serve(http, renamePasskeyEndpoint, async ({ body, params, principal, scope }) =>
    renamePasskey(scope, requirePerson(principal), { id: params.id, name: body.name }),
  );
  serve(http, removePasskeyEndpoint, async ({ body, params, principal, scope }) => {
    await removePasskey(identity, scope, { principal: requirePerson(principal), confirmed: body, id: params.id });
    return {};
  });
  serve(http, beginSignInEndpoint, async ({ request, reply }) => {
    reply.header('cache-control', 'no-store');
    return beginPasskeySignIn(identity, relyingPartyOf(publicUrls, request));
  });
  serve(http, signInEndpoint, async ({ body, act, request, reply }) => {
    const client = clientOf(request, act);
    const signIn = await signInWithPasskey(identity, body.credential, { client, wantsTokens: !isPage(request) });
    return welcome(identity, signIn, { request, reply });
  });
}
