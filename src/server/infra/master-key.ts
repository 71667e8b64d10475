import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeyWrapper } from '../platform/tenant-keys.ts';
import { openKmsCommand } from './kms-command.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** 32 random bytes hold about 30 different values and practically never fewer than this; a typed or repeated text does. */
const LEAST_DISTINCT_BYTES = 20;

/** A master key that cannot be used; the message says what to do, and never holds the key. */
export class MasterKeyError extends Error {}

export type MasterKeyOptions = {
  /** File of keys, one a line, 32 bytes each in base64 or hex; the first is used, the others only unwrap what they wrapped. */
  keyFile: string;
  /** Keys as in the file, separated by commas; used before those of the file. */
  masterKey: string;
  /** Program that wraps and unwraps; used before all keys. */
  kmsCommand: string;
};

/**
 * The master keys, the one to wrap with first. Undefined where none is configured and the file is not there.
 *
 * @throws {MasterKeyError} for what is no key, or a file that everybody may read
 */
export async function openMasterKeys(options: MasterKeyOptions): Promise<[KeyWrapper, ...KeyWrapper[]] | undefined> {
  const inFile = await readKeyFile(options.keyFile);
  const keys = [...keysOf(options.masterKey.split(','), 'ISOCENTER_MASTER_KEY'), ...keysOf(inFile ?? [], options.keyFile)];
  const wrappers = [...(options.kmsCommand ? [openKmsCommand(options.kmsCommand)] : []), ...keys.map(localKey)];
  const [first, ...rest] = wrappers;
  return first && [first, ...rest];
}

/** Writes a new random key, readable by its owner alone, durable before this returns. Never changes a file that is there. */
export async function createKeyFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
  await file.sync();
  await chmod(path, 0o600);
}

function localKey(key: Uint8Array): KeyWrapper {
  const id = createHmac('sha256', key).update('isocenter master key').digest('hex').slice(0, 16);
  return {
    id,
    wrap: async (secret, context) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]).toString('base64');
    },
    unwrap: async (wrapped, context) => {
      const bytes = Buffer.from(wrapped, 'base64');
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    },
  };
}

async function readKeyFile(path: string): Promise<string[] | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return undefined;
  if (process.platform !== 'win32' && (found.mode & 0o007) !== 0) {
    throw new MasterKeyError(`${path} can be read by everybody on this machine: chmod 600 it`);
  }
  return (await readFile(path, 'utf8')).split(/\r?\n/).filter((line) => !line.startsWith('#'));
}

function keysOf(texts: string[], source: string): Uint8Array[] {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const key = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
      if (key.length !== KEY_BYTES)
        throw new MasterKeyError(`${source}: a master key is 32 bytes in base64 or hex (openssl rand -base64 32)`);
      if (new Set(key).size < LEAST_DISTINCT_BYTES) {
        throw new MasterKeyError(`${source}: the master key is not random. Make one with: openssl rand -base64 32`);
      }
      return key;
    });
}
