import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SIGNING_KEY = 'audit-signing-key.pem';
const PSEUDONYM_KEY = 'audit-pseudonym.key';
const PSEUDONYM_KEY_BYTES = 32;

export type AuditSecrets = {
  /** Ed25519. */
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** 32 bytes: what makes the pseudonym of a patient. Without it, entries of a patient cannot be found any more. */
  pseudonymKey: Uint8Array;
};

/**
 * Reads the keys of the audit trail from a folder, and makes them on the first run; of several processes that start at once, all get
 * those of the first.
 *
 * @throws {Error} if a file is there and is not a key
 */
export async function openAuditSecrets(folder: string): Promise<AuditSecrets> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pem = await readOrMake(join(folder, SIGNING_KEY), newSigningKey);
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${SIGNING_KEY} is not an Ed25519 key`);
  const pseudonymKey = await readOrMake(join(folder, PSEUDONYM_KEY), () => randomBytes(PSEUDONYM_KEY_BYTES));
  if (pseudonymKey.byteLength !== PSEUDONYM_KEY_BYTES) throw new Error(`${PSEUDONYM_KEY} does not hold ${PSEUDONYM_KEY_BYTES} bytes`);
  return { privateKey, publicKey: createPublicKey(privateKey), pseudonymKey };
}

function newSigningKey(): Buffer {
  const { privateKey } = generateKeyPairSync('ed25519');
  return Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

/** A file is there whole or not at all: it is written under another name and linked to its own, which fails if that is taken. */
async function readOrMake(path: string, make: () => Buffer): Promise<Buffer> {
  const held = await readIfThere(path);
  if (held) return held;
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, make(), { mode: 0o600, flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
  return readFile(path);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
