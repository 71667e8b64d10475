import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestSqlite, type TestDatabase } from '../../../test/database.ts';
import { openMasterKeys } from '../infra/master-key.ts';
import { openText, sealText } from '../platform/sealed-text.ts';
import type { KeyWrapper } from '../platform/tenant-keys.ts';
import { openKeyring } from './keyring.ts';

const PLACE = { table: 'app_user', column: 'totp_seed', row: '1' };
const DAY_MS = 86_400_000;

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await openTestSqlite();
  await database.system
    .insertInto('tenant')
    .values(['a', 'b'].map((id) => ({ id, name: id, ae_title: null, is_active: 1, created_at: '' })))
    .execute();
  folder = await mkdtemp(join(tmpdir(), 'isocenter-keyring-'));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const newMasterKey = () => randomBytes(32).toString('base64');
async function masterKeysOf(...keys: string[]): Promise<[KeyWrapper, ...KeyWrapper[]]> {
  const opened = await openMasterKeys({ keyFile: join(folder, 'none'), masterKey: keys.join(','), kmsCommand: '' });
  if (!opened) throw new Error('no key');
  return opened;
}
const clock = { time: Date.parse('2026-01-01T00:00:00Z') };
const open = async (...keys: string[]) =>
  openKeyring({ db: database.system, masterKeys: await masterKeysOf(...keys), now: () => new Date(clock.time) });

describe('the keyring', () => {
  it('makes keys for a tenant at its first use, and finds them again; tenants do not share any', async () => {
    const master = newMasterKey();
    const a = await (await open(master)).of('a');
    const sealed = sealText(a, PLACE, 'secret');
    const again = await open(master);
    expect(await openText(await again.of('a'), PLACE, sealed)).toBe('secret');
    expect((await again.of('a')).nameKey()).toEqual(a.nameKey());
    const b = await again.of('b');
    expect(b.nameKey()).not.toEqual(a.nameKey());
    await expect(openText({ ...b, tenant_id: 'a' }, PLACE, sealed)).rejects.toThrow('no longer exists');
  });

  it('agrees on one key when processes open a tenant at the same time', async () => {
    const master = newMasterKey();
    const rings = await Promise.all(Array.from({ length: 5 }, () => open(master)));
    const keys = await Promise.all(rings.map((ring) => ring.of('a')));
    expect(new Set(keys.map((key) => key.current().id)).size).toBe(1);
    expect(new Set(keys.map((key) => Buffer.from(key.nameKey()).toString('hex'))).size).toBe(1);
  });

  it('keeps no key in the clear in the database, and a wrapped key opens only as what it was made for', async () => {
    const master = newMasterKey();
    const keys = await (await open(master)).of('a');
    const rows = await database.system.selectFrom('tenant_key').selectAll().execute();
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(Buffer.from(row.wrapped, 'base64').includes(Buffer.from(keys.current().secret))).toBe(false);
      expect(Buffer.from(row.wrapped, 'base64').includes(Buffer.from(keys.nameKey()))).toBe(false);
    }
    await database.system.updateTable('tenant_key').set({ tenant_id: 'b' }).execute();
    await expect((await open(master)).of('b')).rejects.toThrow();
  });

  it('rotates a data key: new writes have the new one, old values open, other processes follow', async () => {
    const master = newMasterKey();
    const [one, other] = [await open(master), await open(master)];
    const [keys, theirs] = [await one.of('a'), await other.of('a')];
    const sealed = sealText(keys, PLACE, 'old');
    await one.rotate('a');
    expect(keys.hasReplaced()).toBe(true);
    expect(await openText(keys, PLACE, sealed)).toBe('old');
    // The other process has never seen the new key, and finds it when it needs it.
    expect(await openText(theirs, PLACE, sealText(keys, PLACE, 'new'))).toBe('new');
    expect(theirs.current().id).toBe(keys.current().id);
  });

  it('deletes a replaced key a day later at the earliest', async () => {
    const ring = await open(newMasterKey());
    const keys = await ring.of('a');
    const sealed = sealText(keys, PLACE, 'old');
    await ring.rotate('a');
    expect(await ring.retire('a')).toBe(0);
    clock.time += DAY_MS + 1;
    expect(await ring.retire('a')).toBe(1);
    expect(keys.hasReplaced()).toBe(false);
    await expect(openText(keys, PLACE, sealed)).rejects.toThrow('no longer exists');
    expect(await openText(keys, PLACE, sealText(keys, PLACE, 'new'))).toBe('new');
  });

  it('changes the master key without a tenant noticing: both are named, then the old one goes', async () => {
    const [old, next] = [newMasterKey(), newMasterKey()];
    const sealed = sealText(await (await open(old)).of('a'), PLACE, 'secret');
    await open(next, old);
    expect(await openText(await (await open(next)).of('a'), PLACE, sealed)).toBe('secret');
    await expect(open(old)).rejects.toThrow('which is not configured');
  });

  it('does not open with another master key, and says which one is missing', async () => {
    const master = newMasterKey();
    await (await open(master)).of('a');
    const [{ id }] = await masterKeysOf(master);
    await expect(open(newMasterKey())).rejects.toThrow(`under the master key ${id}, which is not configured`);
  });

  it('destroys the keys of one tenant: what was sealed for it is lost, and no other is touched', async () => {
    const master = newMasterKey();
    const ring = await open(master);
    const [a, b] = [await ring.of('a'), await ring.of('b')];
    const [sealedA, sealedB] = [sealText(a, PLACE, 'a'), sealText(b, PLACE, 'b')];
    await ring.destroy('a');
    expect(() => a.current()).toThrow('destroyed');
    await expect(openText(a, PLACE, sealedA)).rejects.toThrow('no longer exists');
    const fresh = await open(master);
    await expect(openText(await fresh.of('a'), PLACE, sealedA)).rejects.toThrow('no longer exists');
    expect(await openText(await fresh.of('b'), PLACE, sealedB)).toBe('b');
  });
});
