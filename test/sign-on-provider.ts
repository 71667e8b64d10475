import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

/** Somebody whom a provider knows; `amr` are the methods that it says were used. */
export type Known = { claims: Record<string, unknown>; amr?: string[] };
export type RealProvider = {
  issuer: string;
  people: Map<string, Known>;
  /** Takes on the clients; before that it answers nothing. */
  serve(clients: NonNullable<Configuration['clients']>): Promise<void>;
  /** Who signs in there from now on, in whatever browser. */
  nextIs(who: string): void;
  /** What a browser does in which somebody signs in at the provider: the address that it is sent back to. */
  walk(url: string, who: string): Promise<URL>;
  close(): Promise<void>;
};

/** `oidc-provider` on the loopback, where everybody signs in without a password and consents to everything. */
export async function openRealProvider(): Promise<RealProvider> {
  const server = await listen();
  const issuer = addressOf(server);
  const people = new Map<string, Known>();
  let who = '';
  return {
    issuer,
    people,
    serve: async (clients) => {
      const { privateKey } = await generateKeyPair('RS256', { extractable: true });
      const jwk = { ...(await exportJWK(privateKey)), kid: 'real', alg: 'RS256', use: 'sig' };
      const provider = new Provider(issuer, configurationOf(clients, people, jwk));
      const answer = provider.callback();
      server.on('request', (request, response) => {
        if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
        const login = { accountId: who, amr: people.get(who)?.amr ?? ['pwd'] };
        provider.interactionFinished(request, response, { login }).catch(() => response.destroy());
      });
    },
    nextIs: (name) => {
      who = name;
    },
    walk: async (url, name) => {
      who = name;
      const jar = new Map<string, string>();
      for (let next = new URL(url); ; ) {
        const cookie = [...jar].map(([key, value]) => `${key}=${value}`).join('; ');
        const response = await fetch(next, { redirect: 'manual', headers: { cookie } });
        for (const set of response.headers.getSetCookie()) {
          const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
          jar.set(key, value);
        }
        const location = response.headers.get('location');
        if (location === null) throw new Error(`The provider has not sent the browser back: ${response.status} ${await response.text()}`);
        next = new URL(location, next);
        if (next.origin !== issuer) return next;
      }
    },
    close: () => close(server),
  };
}

function configurationOf(clients: NonNullable<Configuration['clients']>, people: Map<string, Known>, jwk: object): Configuration {
  return {
    clients,
    jwks: { keys: [jwk as { kty: 'RSA' }] },
    cookies: { keys: ['only a test signs with it'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    claims: { openid: ['sub', 'amr'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'], groups: ['groups'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ ...people.get(accountId)?.claims, sub: accountId }) }),
    loadExistingGrant: async ({ oidc }) => {
      const { client, session, provider } = oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile email groups');
      await grant.save();
      return grant;
    },
  };
}

export type LyingProvider = {
  issuer: string;
  /** What the next ID token says and how it is made; `issuer` and `audience` are right unless told. */
  answerWith(token: (parts: TokenParts) => Promise<string>): void;
  /** Fields of the discovery document that differ from the truth. */
  describeAs(fields: object): void;
  close(): Promise<void>;
};
export type TokenParts = { sign: (claims: JWTPayload, header?: { alg: string; kid?: string }) => Promise<string> };

/** A provider that answers whatever it is told to; its keys are real. */
export async function openLyingProvider(): Promise<LyingProvider> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'lying', alg: 'RS256', use: 'sig' };
  let token: (parts: TokenParts) => Promise<string> = async () => '';
  let fields: object = {};
  const server = await listen();
  const issuer = addressOf(server);
  const sign: TokenParts['sign'] = (claims, header = { alg: 'RS256', kid: 'lying' }) =>
    new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
  const pages: Record<string, () => Promise<object>> = {
    '/.well-known/openid-configuration': async () => ({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      ...fields,
    }),
    '/jwks': async () => ({ keys: [jwk] }),
    '/token': async () => ({ access_token: 'a', token_type: 'Bearer', expires_in: 60, id_token: await token({ sign }) }),
  };
  server.on('request', (request, response) => {
    const page = pages[request.url ?? ''];
    request.resume();
    if (!page) return void response.writeHead(404).end();
    page().then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => response.destroy(),
    );
  });
  return {
    issuer,
    answerWith: (next) => {
      token = next;
    },
    describeAs: (next) => {
      fields = next;
    },
    close: () => close(server),
  };
}

async function listen(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
