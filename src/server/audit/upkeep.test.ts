import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { act, openTestTrail, type TestTrail, verifyText } from '../../../test/audit.ts';
import { openTestSqlite, type TestDatabase } from '../../../test/database.ts';
import type { AuditCheckpoint } from '../../contract/audit.ts';
import { isSignedBy } from './checkpoint.ts';
import { deliverCheckpoints, fileSink, webhookSink } from './deliver-checkpoints.ts';
import { pruneAudit } from './prune-audit.ts';
import { openAuditSecrets } from './secrets.ts';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let test: TestTrail;
let folder: string;
beforeEach(async () => {
  database = await openTestSqlite();
  test = openTestTrail(database.database);
  folder = await mkdtemp(join(tmpdir(), 'isocenter-audit-'));
});
afterEach(async () => {
  await test.trail.close();
  await database.close();
  await rm(folder, { recursive: true });
});

async function write(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await test.trail.record('default', act({ action: 'change', details: { index } }));
}

async function problemsOf(checkpoints: AuditCheckpoint[] = []): Promise<string[]> {
  const { problems } = await verifyText(await test.exportText(), { publicKey: test.publicKey, checkpoints });
  return problems.map(({ kind }) => kind);
}

describe('a checkpoint', () => {
  it('signs how far the chain has come, and names the one before it; nothing new needs none', async () => {
    await write(3);
    const first = await test.checkpoint();
    expect(first).toMatchObject({ number: 1, seq: 3, intact: true, previous_checkpoint: '0'.repeat(64) });
    expect(first && isSignedBy(first, test.publicKey)).toBe(true);
    expect(await test.checkpoint()).toBeUndefined();
    await write(2);
    expect(await test.checkpoint()).toMatchObject({ number: 2, seq: 5, intact: true });
    expect(await problemsOf()).toEqual([]);
  });

  it('says so when an entry was changed since the last one, once, and becomes an entry itself', async () => {
    await write(3);
    await test.checkpoint();
    await write(3);
    await sql`drop trigger audit_entry_unchanged`.execute(database.system);
    await database.system.updateTable('audit_entry').set({ actor_id: 'somebody else' }).where('seq', '=', 5).execute();
    expect(await test.checkpoint()).toMatchObject({ number: 2, seq: 6, intact: false });
    expect(await test.checkpoint()).toMatchObject({ number: 3, seq: 7, intact: true });
    const [told] = await test.db.selectFrom('audit_entry').selectAll().where('seq', '=', 7).execute();
    expect(told).toMatchObject({ action: 'system', outcome: 'failed', reason: 'chain-broken', object_id: '5' });
    expect(await problemsOf()).toEqual(['changed', 'changed']);
  });

  it.each([
    ['was written anew as a whole', 6],
    ['lost its end', 2],
  ])('says so when the chain %s', async (_, seq) => {
    await write(4);
    await test.checkpoint();
    await write(2);
    await sql`drop trigger audit_entry_vouched`.execute(database.system);
    const hash = 'f'.repeat(64);
    if (seq < 6) await database.system.deleteFrom('audit_entry').where('seq', '>', seq).execute();
    await database.system.updateTable('audit_head').set({ seq, hash }).execute();
    expect(await test.checkpoint()).toMatchObject({ number: 2, seq, intact: false });
  });

  it('reaches each sink once it takes it, in order, and nobody else waits for one that does not', async () => {
    const path = join(folder, 'kept', 'checkpoints.ndjson');
    const posted: string[] = [];
    let status = 503;
    const webhook = webhookSink('https://keeper.example.org/audit', async (url, body) => {
      posted.push(`${url} ${(JSON.parse(body) as AuditCheckpoint).number}`);
      return { ok: status < 300, status };
    });
    const deliver = () => deliverCheckpoints(test.db, 'default', [webhook, fileSink(path)]);
    await write(1);
    await test.checkpoint();
    await expect(deliver()).rejects.toThrow('answered 503');
    await write(1);
    await test.checkpoint();
    status = 200;
    await deliver();
    await deliver();
    expect(posted.map((line) => line.split(' ')[1])).toEqual(['1', '1', '2']);
    const kept = (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditCheckpoint);
    expect(kept.map(({ number }) => number)).toEqual([1, 2]);
    expect(await problemsOf(kept)).toEqual([]);
  });
});

describe('retention', () => {
  it('removes what is older, up to a checkpoint, and the rest stays verifiable', async () => {
    await write(4);
    await test.checkpoint();
    await write(2);
    test.clock.time += 100 * DAY_MS;
    await write(3);
    const prune = (retentionDays: number) =>
      pruneAudit({ db: test.db, tenantId: 'default', trail: test.trail, retentionDays, now: () => new Date(test.clock.time) });
    expect(await prune(200)).toBe(0);
    expect(await prune(50)).toBe(4);
    expect(await prune(50)).toBe(0);
    const { problems, first_seq, last_seq } = await verifyText(await test.exportText(), { publicKey: test.publicKey });
    // 9 entries were written, and the removal is the tenth.
    expect({ problems, first_seq, last_seq }).toEqual({ problems: [], first_seq: 5, last_seq: 10 });
    const [told] = await test.db.selectFrom('audit_entry').select(['operation', 'details']).where('seq', '=', 10).execute();
    expect(told?.operation).toBe('prune-audit');
    expect(JSON.parse(told?.details ?? '')).toMatchObject({ removed: 4, checkpoint: 1 });
    expect(await test.checkpoint()).toMatchObject({ number: 2, seq: 10, intact: true });
  });
});

describe('the keys of the trail', () => {
  it('are made once, however many processes ask for them, and are for their owner alone', async () => {
    const place = join(folder, 'keys');
    const opened = await Promise.all(Array.from({ length: 5 }, () => openAuditSecrets(place)));
    const pems = opened.map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'pem' }));
    expect(new Set([...pems, ...opened.map(({ pseudonymKey }) => Buffer.from(pseudonymKey).toString('hex'))]).size).toBe(2);
    expect((await stat(join(place, 'audit-signing-key.pem'))).mode & 0o077).toBe(0);
    expect((await openAuditSecrets(place)).publicKey.export({ type: 'spki', format: 'pem' })).toBe(pems[0]);
  });
});
