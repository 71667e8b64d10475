import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { act, openTestTrail, type TestTrail, verifyText } from '../../../test/audit.ts';
import { openTestSqlite, type TestDatabase } from '../../../test/database.ts';
import type { AuditEntry } from '../../contract/audit.ts';
import { NOBODY } from '../platform/act.ts';
import { searchEntries } from './search-repository.ts';

let database: TestDatabase;
let test: TestTrail;
beforeEach(async () => {
  database = await openTestSqlite();
  test = openTestTrail(database.database);
});
afterEach(async () => {
  test.breakWith(undefined);
  await test.trail.close();
  await database.close();
});

async function entries(): Promise<AuditEntry[]> {
  return (await searchEntries(test.db, {}, { limit: 500, oldestFirst: true })).items;
}

const looking = (instance: number) =>
  act({
    operation: 'GET /frames',
    object: { type: 'instance', id: `1.2.${instance}` },
    study_instance_uid: '1.2',
    patient_id: 'patient-1',
  });

describe('an entry', () => {
  it('goes with its transaction: both are there, or neither', async () => {
    const insert = (fail: boolean) =>
      test.db.transaction().execute(async (tx) => {
        await tx.insertInto('setting').values({ key: 'written', value: 'yes' }).execute();
        await test.trail.append(tx, 'default', [act({ action: 'change' })]);
        if (fail) throw new Error('rolled back');
      });
    await expect(insert(true)).rejects.toThrow('rolled back');
    expect([await entries(), await test.db.selectFrom('setting').selectAll().execute()]).toEqual([[], []]);
    await insert(false);
    expect((await entries()).map(({ seq, action }) => [seq, action])).toEqual([[1, 'change']]);
  });

  it('names the patient by a pseudonym that depends on the tenant, and stays the same', async () => {
    await test.trail.record('default', looking(1));
    await test.trail.record('default', act({ object: { type: 'patient', id: 'patient-1' } }));
    const [read, record] = await entries();
    expect(read?.patient).toMatch(/^[0-9a-f]{32}$/);
    expect(record).toMatchObject({ patient: read?.patient, object_type: 'patient', object_id: read?.patient });
    expect(JSON.stringify(await entries())).not.toContain('patient-1');
    await database.system.insertInto('tenant').values({ id: 'other', name: 'Other', is_active: 1, created_at: '2026-01-01' }).execute();
    await test.trail.record('other', looking(1));
    const [others] = (await searchEntries(database.database.tenant('other'), {})).items;
    expect(others).toMatchObject({ seq: 1, previous_hash: '0'.repeat(64) });
    expect(others?.patient).not.toBe(read?.patient);
  });

  it('keeps no control characters, halves of characters or endless texts, and stays verifiable', async () => {
    await test.trail.record(
      'default',
      act({ operation: 'x'.repeat(5_000), reason: 'a\u0000b\n\ud800', details: { text: 'y'.repeat(5_000), number: Number.NaN, zero: -0 } }),
    );
    const [entry] = await entries();
    expect(entry?.operation).toHaveLength(200);
    expect(entry?.reason).toBe('a b \ufffd');
    expect(entry?.details).toEqual({ text: 'y'.repeat(300), zero: 0 });
    expect((await verifyText(await test.exportText(), { publicKey: test.publicKey })).problems).toEqual([]);
  });

  it('of arrivals of one study that are committed together tells their number', async () => {
    const arrival = (id: string) =>
      act({ action: 'store', object: { type: 'instance', id }, study_instance_uid: '1.2', details: { instances: 1 } });
    await test.db.transaction().execute((tx) => test.trail.append(tx, 'default', [arrival('1.2.1'), arrival('1.2.2'), arrival('1.2.3')]));
    expect((await entries()).map(({ object_type, object_id, details }) => [object_type, object_id, details])).toEqual([
      ['study', '1.2', { instances: 3 }],
    ]);
  });
});

describe('entries that are noted', () => {
  it('are written together, in their order', async () => {
    for (let index = 0; index < 1_200; index += 1) test.trail.note('default', act({ action: 'export', details: { index } }));
    await test.trail.flush();
    const { count } = await test.db
      .selectFrom('audit_entry')
      .select((entry) => entry.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(1_200);
    expect((await verifyText(await test.exportText(), { publicKey: test.publicKey })).problems).toEqual([]);
    expect((await entries()).slice(0, 3).map(({ details }) => details['index'])).toEqual([0, 1, 2]);
  });

  it('of one person looking at the parts of one study are one at once, and their number a minute later', async () => {
    for (let instance = 1; instance <= 50; instance += 1) test.trail.note('default', looking(instance));
    test.trail.note('default', act({ ...looking(9), study_instance_uid: '1.3' }));
    await test.trail.flush();
    expect((await entries()).map(({ study_instance_uid, object_id }) => [study_instance_uid, object_id])).toEqual([
      ['1.2', '1.2.1'],
      ['1.3', '1.2.9'],
    ]);
    test.clock.time += 60_000;
    await test.trail.flush();
    expect((await entries()).slice(2)).toMatchObject([{ object_type: 'study', object_id: '1.2', details: { repeats: 49 } }]);
  });

  it('of refusals of nobody in particular do not fill the disk', async () => {
    const refused = act({ actor: NOBODY, outcome: 'refused', reason: 'unauthenticated' });
    for (let index = 0; index < 5_000; index += 1) test.trail.note('default', refused);
    for (let index = 0; index < 3; index += 1) test.trail.note('default', act({ outcome: 'refused', reason: 'forbidden' }));
    await test.trail.flush();
    expect((await entries()).map(({ actor_kind }) => actor_kind)).toEqual(['anonymous', 'user', 'user', 'user']);
    await test.trail.close();
    expect((await entries()).at(-1)).toMatchObject({ actor_kind: 'anonymous', details: { repeats: 4_999 } });
  });

  it('wait when they cannot be written, and nothing that needs one is done meanwhile', async () => {
    test.breakWith(new Error('the disk is full'));
    test.trail.note('default', looking(1));
    test.trail.note('default', looking(2));
    await expect(test.trail.flush()).rejects.toThrow('the disk is full');
    expect(() => test.trail.requireWritable('default')).toThrow('cannot be written');
    expect(() => test.trail.requireWritable('other')).not.toThrow();
    test.breakWith(undefined);
    await test.trail.flush();
    expect(() => test.trail.requireWritable('default')).not.toThrow();
    expect((await entries()).map(({ object_id }) => object_id)).toEqual(['1.2.1']);
    await test.trail.close();
    expect((await entries()).at(-1)?.details).toEqual({ repeats: 1 });
  });
});
