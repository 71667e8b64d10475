import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestSqlite, type TestDatabase } from '../../../test/database.ts';
import { openEncryptedBlobs } from '../infra/blobs-encrypted.ts';
import { openFolderBytes } from '../infra/bytes-folder.ts';
import { openMasterKeys } from '../infra/master-key.ts';
import { openText, sealedWith, sealText } from '../platform/sealed-text.ts';
import { openKeyring } from './keyring.ts';
import { type ResealDeps, resealTenant } from './reseal.ts';

const DAY_MS = 86_400_000;
const HOLDS = 450;

let database: TestDatabase;
let folder: string;
let deps: ResealDeps;
const clock = { time: Date.parse('2026-01-01T00:00:00Z') };
beforeEach(async () => {
  database = await openTestSqlite();
  folder = await mkdtemp(join(tmpdir(), 'isocenter-reseal-'));
  const masterKeys = await openMasterKeys({ keyFile: '', masterKey: randomBytes(32).toString('base64'), kmsCommand: '' });
  if (!masterKeys) throw new Error('no key');
  const keyring = await openKeyring({ db: database.system, masterKeys, now: () => new Date(clock.time) });
  const keys = await keyring.of('default');
  const blobs = openEncryptedBlobs(await openFolderBytes(folder), keys);
  deps = { db: database.db, systemDb: database.system, blobs, keys, keyring };
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const placeOf = (row: string) => ({ table: 'retention_hold', column: 'reason', row });
const holds = () => database.db.selectFrom('retention_hold').select(['id', 'reason']).orderBy('id').execute();

it('brings files and columns to the new key, and lets the old one go only when a later pass finds nothing under it', async () => {
  const old = deps.keys.current().id;
  for (let index = 0; index < HOLDS; index++) {
    const id = String(index).padStart(5, '0');
    const reason = sealText(deps.keys, placeOf(id), `reason ${id}`);
    const hold = { id, patient_key: 'p', reason, placed_by: 'u', placed_at: '', released_by: null, released_at: null };
    await database.db.insertInto('retention_hold').values(hold).execute();
  }
  const { key } = await deps.blobs.put(Readable.from([Buffer.from('content')]));
  expect(await resealTenant(deps)).toEqual({ files: 0, values: 0, damaged: 0, retiredKeys: 0 });

  await deps.keyring.rotate('default');
  clock.time += 2 * DAY_MS;
  expect(await resealTenant(deps)).toEqual({ files: 1, values: HOLDS, damaged: 0, retiredKeys: 0 });
  expect(await deps.keys.find(old)).toBeDefined();
  expect(await resealTenant(deps)).toEqual({ files: 0, values: 0, damaged: 0, retiredKeys: 1 });
  expect(await deps.keys.find(old)).toBeUndefined();

  for (const { id, reason } of await holds()) {
    expect(sealedWith(reason)).toBe(deps.keys.current().id);
    expect(await openText(deps.keys, placeOf(id), reason)).toBe(`reason ${id}`);
  }
  expect(Buffer.from(await deps.blobs.read(key)).toString()).toBe('content');
});

it('can be broken off', async () => {
  const reason = sealText(deps.keys, placeOf('1'), 'why');
  const hold = { id: '1', patient_key: 'p', reason, placed_by: 'u', placed_at: '', released_by: null, released_at: null };
  await database.db.insertInto('retention_hold').values(hold).execute();
  await deps.keyring.rotate('default');
  await expect(resealTenant(deps, AbortSignal.abort())).rejects.toThrow();
  expect((await resealTenant(deps)).values).toBe(1);
});
