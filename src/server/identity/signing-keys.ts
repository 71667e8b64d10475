import { randomUUID } from 'node:crypto';
import type { CryptoKey, JWK } from 'jose';
import type { JsonWebKey } from '../../contract/identity.ts';
import type { SystemDb } from '../platform/ports.ts';
import { DEFAULT_TENANT, type OpenScope } from '../platform/scope.ts';
import { openText, type SealedPlace, sealText } from '../platform/sealed-text.ts';
import { insertSigningKey, listSigningKeys, type SigningKeyRow } from './signing-key-repository.ts';

const DAY_MS = 24 * 3_600_000;
/** A key signs for so long, then a new one is made. */
const ROTATE_AFTER_MS = 30 * DAY_MS;
/** It is published for so much longer: no token that it signed outlives it. */
const VERIFY_LONGER_MS = 3_600_000;
/** Keys are read again after this long, and at once for an unknown one, but not more often than each second. */
const FRESH_MS = 60_000;
const ASK_AGAIN_MS = 1_000;

export type SigningKeyDeps = {
  systemDb: SystemDb;
  now: () => Date;
  /** Its keys of the first tenant seal the private keys. */
  scope: OpenScope;
};

/** The keys that access tokens are signed and checked with (Ed25519). */
export type SigningKeys = {
  /** The present one; made if there is none or the last is too old. */
  current(): Promise<{ kid: string; key: CryptoKey }>;
  /** To check a token that names the key; undefined if there is none. */
  find(kid: string): Promise<CryptoKey | undefined>;
  listPublic(): Promise<JsonWebKey[]>;
};

type Held = { row: SigningKeyRow; jwk: JsonWebKey; publicKey: CryptoKey };

/** Private keys are in the database and not in a file, so that all processes of an installation sign with the same ones. */
export function openSigningKeys(deps: SigningKeyDeps): SigningKeys {
  let held = new Map<string, Held>();
  let readAt = Number.NEGATIVE_INFINITY;
  let missedAt = Number.NEGATIVE_INFINITY;
  let signing: { kid: string; key: CryptoKey; until: number } | undefined;
  let making: Promise<{ kid: string; key: CryptoKey; until: number }> | undefined;

  const read = async (): Promise<Map<string, Held>> => {
    const rows = await listSigningKeys(deps.systemDb, deps.now().toISOString());
    held = new Map(await Promise.all(rows.map(async (row) => [row.kid, held.get(row.kid) ?? (await heldOf(row))] as const)));
    readAt = deps.now().getTime();
    return held;
  };
  const keys = async (): Promise<Map<string, Held>> => {
    const age = deps.now().getTime() - readAt;
    return age >= 0 && age < FRESH_MS ? held : read();
  };
  const keysAfterMiss = async (): Promise<Map<string, Held>> => {
    const age = deps.now().getTime() - missedAt;
    if (age >= 0 && age < ASK_AGAIN_MS) return held;
    missedAt = deps.now().getTime();
    return read();
  };
  const make = async () => {
    const now = deps.now();
    const [newest] = [...(await read()).values()].filter(({ row }) => Date.parse(row.signs_until) > now.getTime());
    const key = newest && (await privateKeyOf(deps, newest.row));
    if (newest && key) return { kid: newest.row.kid, key, until: Date.parse(newest.row.signs_until) };
    const { row, privateKey } = await makeSigningKey(deps);
    await read();
    return { kid: row.kid, key: privateKey, until: Date.parse(row.signs_until) };
  };
  const current = async () => {
    if (signing && signing.until > deps.now().getTime()) return signing;
    // Many requests at once make one key.
    making ??= make().finally(() => {
      making = undefined;
    });
    signing = await making;
    return signing;
  };
  return {
    current,
    find: async (kid) => {
      const known = (await keys()).get(kid) ?? (await keysAfterMiss()).get(kid);
      return known && Date.parse(known.row.verifies_until) > deps.now().getTime() ? known.publicKey : undefined;
    },
    listPublic: async () => {
      // A document of keys without a key would be kept by those who ask for it.
      if ((await keys()).size === 0) await current();
      return [...held.values()].map(({ jwk }) => jwk);
    },
  };
}

async function makeSigningKey({ systemDb, scope, now }: SigningKeyDeps): Promise<{ row: SigningKeyRow; privateKey: CryptoKey }> {
  const { exportJWK, generateKeyPair } = await import('jose');
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { d = '', x = '' } = await exportJWK(privateKey);
  const kid = randomUUID();
  const created = now().getTime();
  const row: SigningKeyRow = {
    kid,
    public_key: x,
    private_key: sealText((await scope(DEFAULT_TENANT)).keys, placeOf(kid), d),
    created_at: new Date(created).toISOString(),
    signs_until: new Date(created + ROTATE_AFTER_MS).toISOString(),
    verifies_until: new Date(created + ROTATE_AFTER_MS + VERIFY_LONGER_MS).toISOString(),
  };
  await insertSigningKey(systemDb, row);
  return { row, privateKey };
}

async function heldOf(row: SigningKeyRow): Promise<Held> {
  const jwk = publicJwk(row);
  return { row, jwk, publicKey: await importKey({ kty: jwk.kty, crv: jwk.crv, x: jwk.x }) };
}

function publicJwk({ kid, public_key }: SigningKeyRow): JsonWebKey {
  return { kty: 'OKP', crv: 'Ed25519', x: public_key, kid, alg: 'EdDSA', use: 'sig' };
}

/** Undefined if what it was sealed with is gone: then another key is made, and tokens of this one stay good. */
async function privateKeyOf({ scope }: SigningKeyDeps, { kid, private_key, public_key }: SigningKeyRow): Promise<CryptoKey | undefined> {
  const { keys } = await scope(DEFAULT_TENANT);
  const d = await openText(keys, placeOf(kid), private_key).catch(() => undefined);
  return d === undefined ? undefined : importKey({ kty: 'OKP', crv: 'Ed25519', x: public_key, d });
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const { importJWK } = await import('jose');
  const key = await importJWK(jwk, 'EdDSA');
  if (key instanceof Uint8Array) throw new Error('An Ed25519 key is not a shared secret');
  return key;
}

function placeOf(kid: string): SealedPlace {
  return { table: 'signing_key', column: 'private_key', row: kid };
}
