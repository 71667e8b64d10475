import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, openTestTrail, type TestTrail } from '../../../test/audit.ts';
import { openTestSqlite, type TestDatabase } from '../../../test/database.ts';
import { type DisclosureQuery, disclosuresAsCsv, listDisclosures } from './disclosures.ts';
import { type AuditSearch, searchEntries } from './search-repository.ts';
import { auditStatistics } from './statistics.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-01T08:00:00.000Z');
const share = { kind: 'share' as const, id: 'link-1', name: null, role: null };
const peer = { kind: 'peer' as const, id: null, name: '=PEER,"1"', role: null };

let database: TestDatabase;
let test: TestTrail;
/** The pseudonym of patient-1. */
let patient: string;

beforeAll(async () => {
  database = await openTestSqlite();
  test = openTestTrail(database.database);
  const study = { object: { type: 'study', id: '1.2' }, study_instance_uid: '1.2', patient_id: 'patient-1' };
  const acts = [
    act({ ...study, request_id: 'r-1' }),
    act({ ...study, action: 'export', source: '192.0.2.1' }),
    act({ ...study, action: 'access', actor: share }),
    act({ ...study, action: 'retrieve', operation: 'C-MOVE', actor: peer, source: '192.0.2.2' }),
    act({ ...study, action: 'export', outcome: 'refused', reason: 'forbidden' }),
    act({ action: 'login', operation: 'POST /login', actor: { kind: 'user', id: 'user-2', name: 'other', role: 'doctor' } }),
    act({ object: { type: 'report', id: 'report-9' }, study_instance_uid: '1.3', patient_id: 'patient-2', action: 'report' }),
  ];
  for (const [index, item] of acts.entries()) {
    test.clock.time = START + index * DAY_MS;
    await test.trail.record('default', item);
  }
  patient = (await searchEntries(test.db, { request_id: 'r-1' })).items[0]?.patient ?? '';
});
afterAll(async () => {
  await test.trail.close();
  await database.close();
});

describe('a search', () => {
  const day = (index: number): string => new Date(START + index * DAY_MS).toISOString();
  it.each([
    [{}, [7, 6, 5, 4, 3, 2, 1]],
    [{ actor: 'user-2' }, [6]],
    [{ actor: 'other' }, [6]],
    [{ object: 'report-9' }, [7]],
    [{ object: '1.2' }, [5, 4, 3, 2, 1]],
    [{ action: 'export' }, [5, 2]],
    [{ action: 'export', outcome: 'refused' }, [5]],
    [{ source: '192.0.2.2' }, [4]],
    [{ request_id: 'r-1' }, [1]],
    [{ from: day(2), to: day(4) }, [4, 3]],
  ] as [AuditSearch, number[]][])('by %j finds entries %j', async (search, expected) => {
    expect((await searchEntries(test.db, search)).items.map(({ seq }) => seq)).toEqual(expected);
  });

  it('by patient finds what concerns him, and nothing of others', async () => {
    expect((await searchEntries(test.db, { patient })).items.map(({ seq }) => seq)).toEqual([5, 4, 3, 2, 1]);
  });

  it.each([false, true])('gives every entry once, page by page, oldest first: %s', async (oldestFirst) => {
    const seen: number[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await searchEntries(test.db, {}, { limit: 2, oldestFirst, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ seq }) => seq));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(oldestFirst ? [1, 2, 3, 4, 5, 6, 7] : [7, 6, 5, 4, 3, 2, 1]);
  });

  it('refuses a cursor that it did not give', async () => {
    await expect(searchEntries(test.db, {}, { cursor: 'nonsense' })).rejects.toThrow('cursor');
  });
});

describe('the accounting of disclosures', () => {
  const ask = (more: Partial<DisclosureQuery> = {}): DisclosureQuery => ({ patient, staff: false, ...more });

  it('has what left the house and who of outside has read, not what was refused or read within', async () => {
    const { items } = await listDisclosures(test.db, ask(), {});
    expect(items.map(({ recipient, action }) => [recipient, action])).toEqual([
      [peer.name, 'retrieve'],
      ['link-1', 'access'],
      ['reader', 'export'],
    ]);
    expect((await listDisclosures(test.db, ask({ staff: true }), {})).items).toHaveLength(4);
    expect((await listDisclosures(test.db, ask({ patient: 'f'.repeat(32) }), {})).items).toEqual([]);
  });

  it('can be opened in a spreadsheet, where nothing in it is a formula', async () => {
    let text = '';
    for await (const line of disclosuresAsCsv(test.db, ask())) text += line;
    const lines = text.split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe(
      'at,recipient,recipient_kind,recipient_role,action,operation,object_type,object_id,study_instance_uid,purpose,source',
    );
    expect(lines[3]).toContain(`,"'=PEER,""1""",peer,`);
  });
});

describe('statistics', () => {
  it('count acts by day, and actors', async () => {
    const now = new Date(START + 7 * DAY_MS);
    const { entries, days, actors } = await auditStatistics(test.db, {}, now);
    expect(entries).toBe(7);
    expect(days).toHaveLength(7);
    expect(days[4]).toEqual({ day: '2026-03-05', action: 'export', outcome: 'refused', count: 1 });
    expect(actors[0]).toMatchObject({ actor_id: 'user-1', actor_name: 'reader', count: 4 });
    const two = await auditStatistics(test.db, { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T09:00:00.000Z' }, now);
    expect(two.entries).toBe(2);
  });

  it('refuse a span that is too long, or ends before it begins', async () => {
    const now = new Date(START);
    await expect(auditStatistics(test.db, { from: '2020-01-01T00:00:00.000Z' }, now)).rejects.toThrow('92 days');
    await expect(auditStatistics(test.db, { from: '2027-01-01T00:00:00.000Z' }, now)).rejects.toThrow('before it begins');
  });
});
