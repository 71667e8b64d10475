import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, foreignKey, openTestTrail, type TestTrail, verifyText } from '../../../test/audit.ts';
import { openTestSqlite, type TestDatabase } from '../../../test/database.ts';
import type { AuditCheckpoint } from '../../contract/audit.ts';
import { canonicalJson } from '../../reporting/canonical-json.ts';
import { type ChainedEntry, entryHash } from './chain.ts';

/** Entries 1 to 20 with checkpoints behind 8 and 16. */
let database: TestDatabase;
let trail: TestTrail;
let lines: string[];
let kept: AuditCheckpoint[];

beforeAll(async () => {
  database = await openTestSqlite();
  trail = openTestTrail(database.database);
  kept = [];
  for (let seq = 1; seq <= 20; seq += 1) {
    trail.clock.time += 1_000;
    await trail.trail.record('default', act({ request_id: `request-${seq}`, details: { count: seq } }));
    const checkpoint = seq % 8 === 0 ? await trail.checkpoint() : undefined;
    if (checkpoint) kept.push(checkpoint);
  }
  lines = (await trail.exportText()).trimEnd().split('\n');
});
afterAll(async () => {
  await trail.trail.close();
  await database.close();
});

/** Kinds of problem that are found in these lines. */
async function kindsIn(changed: string[], checkpoints: AuditCheckpoint[] = []): Promise<string[]> {
  const { problems } = await verifyText(`${changed.join('\n')}\n`, { publicKey: trail.publicKey, checkpoints });
  return [...new Set(problems.map(({ kind }) => kind))].sort();
}

/** Where entry `seq` stands: behind the header, and behind the checkpoints of entries before it. */
function lineOf(seq: number): number {
  return lines.findIndex((line) => line.includes(`"seq":${seq},`) && line.includes('"form":"isocenter-audit/1"'));
}

function entryAt(index: number): ChainedEntry {
  return JSON.parse(lines[index] ?? '') as ChainedEntry;
}

/** Entries from `seq` on with `change` applied, and every hash computed anew: what an attacker with the database could write. */
function rewriteFrom(seq: number, change: (entry: ChainedEntry) => ChainedEntry): string[] {
  let previous: string | undefined;
  return lines.map((line, index) => {
    if (index === 0 || !line.includes('"form":"isocenter-audit/1"')) return line;
    const entry = entryAt(index);
    if (entry.seq < seq) return line;
    const changed = change(previous === undefined ? entry : { ...entry, previous_hash: previous });
    const rehashed = { ...changed, hash: entryHash(changed) };
    previous = rehashed.hash;
    return canonicalJson(rehashed);
  });
}

describe('an export', () => {
  it('as it was written is found whole, with nothing but the public key', async () => {
    const result = await verifyText(`${lines.join('\n')}\n`, { publicKey: trail.publicKey, checkpoints: kept });
    expect(result).toEqual({ tenant_id: 'default', entries: 20, checkpoints: 2, first_seq: 1, last_seq: 20, problems: [] });
  });

  it('of a part of the time is found whole as well', async () => {
    const text = await trail.exportText({ from: '2026-03-01T08:00:05.000Z', to: '2026-03-01T08:00:13.000Z' });
    const result = await verifyText(text, { publicKey: trail.publicKey, checkpoints: kept });
    expect(result).toMatchObject({ entries: 8, first_seq: 5, last_seq: 12, problems: [] });
  });

  it('in which an entry was changed is found changed', async () => {
    const index = lineOf(5);
    const changed = lines.with(index, (lines[index] ?? '').replace('request-5', 'request-7'));
    expect(await kindsIn(changed)).toEqual(['changed']);
  });

  it('in which an entry was changed and its hash made new does not fit its neighbor', async () => {
    const index = lineOf(5);
    const entry = { ...entryAt(index), actor_id: 'somebody else' };
    expect(await kindsIn(lines.with(index, canonicalJson({ ...entry, hash: entryHash(entry) })))).toEqual(['replaced']);
  });

  it('in which all from a changed entry on was written anew does not fit the checkpoints', async () => {
    const rewritten = rewriteFrom(5, (entry) => (entry.seq === 5 ? { ...entry, actor_id: 'somebody else' } : entry));
    const { problems } = await verifyText(`${rewritten.join('\n')}\n`, { publicKey: trail.publicKey });
    expect(problems.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['replaced', 8],
      ['replaced', 16],
      ['replaced', 20],
    ]);
  });

  it('in which an entry was removed names its place', async () => {
    const { problems } = await verifyText(`${lines.toSpliced(lineOf(5), 1).join('\n')}\n`, { publicKey: trail.publicKey });
    expect(problems).toEqual([{ kind: 'removed', seq: 5, detail: 'Entry 5 is missing' }]);
  });

  it('in which an entry was removed and the rest numbered anew does not fit the checkpoints', async () => {
    const without = rewriteFrom(5, (entry) => ({ ...entry, seq: entry.seq - 1 })).toSpliced(lineOf(5), 1);
    expect(await kindsIn(without)).toContain('replaced');
  });

  it('in which an entry was inserted is found', async () => {
    const index = lineOf(5);
    expect(await kindsIn(lines.toSpliced(index, 0, lines[index] ?? ''))).toEqual(['inserted']);
    const invented = { ...entryAt(index), request_id: 'invented' };
    const line = canonicalJson({ ...invented, hash: entryHash(invented) });
    expect(await kindsIn(lines.toSpliced(index + 1, 0, line))).toEqual(['inserted']);
  });

  it('in which two entries changed places is found', async () => {
    const [a, b] = [lineOf(5), lineOf(6)];
    const swapped = lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
    expect(await kindsIn(swapped)).toEqual(['reordered']);
  });

  it('of which the end was cut off is found by its header', async () => {
    const { problems } = await verifyText(`${lines.slice(0, lineOf(18)).join('\n')}\n`, { publicKey: trail.publicKey });
    expect(problems).toEqual([{ kind: 'truncated', seq: 18, detail: 'Entries 18 to 20 are missing at the end' }]);
    expect(await kindsIn([lines[0] ?? ''])).toEqual(['removed', 'truncated']);
  });

  it('without a checkpoint, or with one of another key, is found', async () => {
    const index = lines.findIndex((line) => line.includes('isocenter-audit-checkpoint'));
    expect(await kindsIn(lines.toSpliced(index, 1))).toEqual(['removed']);
    expect(await kindsIn(lines.with(index, (lines[index] ?? '').replace('"seq":8', '"seq":7')))).toEqual(['forged', 'replaced']);
    const { problems } = await verifyText(`${lines.join('\n')}\n`, { publicKey: foreignKey() });
    expect(problems.map(({ kind }) => kind)).toEqual(['forged', 'forged', 'forged']);
  });

  it('of which any single byte was changed, removed or doubled is found', async () => {
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    const place = fc.integer({ min: 0, max: bytes.length - 1 });
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), fc.constantFrom('change', 'remove', 'double'), async (at, by, how) => {
        const byte = bytes[at] ?? 0;
        const between = how === 'change' ? [(byte + by) % 256] : how === 'remove' ? [] : [byte, byte];
        const changed = Buffer.concat([bytes.subarray(0, at), Buffer.from(between), bytes.subarray(at + 1)]);
        const { problems } = await verifyText(changed, { publicKey: trail.publicKey });
        expect(problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });

  it('that is not one at all says so', async () => {
    for (const text of ['', '\n', 'null\n', '[]\n', '{}\n', '{"form":"isocenter-audit/1"}\n', '\u0000'])
      expect((await verifyText(text, { publicKey: trail.publicKey })).problems[0]?.kind).toBe('unreadable');
  });
});

describe('a trail whose end was cut in the database', () => {
  it('is found by a checkpoint that was kept elsewhere, and by nothing in the export itself', async () => {
    const { system } = database;
    await expect(system.deleteFrom('audit_entry').where('seq', '>', 16).execute()).rejects.toThrow('without a checkpoint');
    await expect(system.updateTable('audit_entry').set({ actor_id: 'x' }).execute()).rejects.toThrow('never changed');
    // As somebody would who may alter the tables.
    await sql`drop trigger audit_entry_vouched`.execute(system);
    await system.deleteFrom('audit_entry').where('seq', '>', 12).execute();
    await system.deleteFrom('audit_checkpoint').where('seq', '>', 12).execute();
    const hash = entryAt(lineOf(12)).hash;
    await system.updateTable('audit_head').set({ seq: 12, hash }).execute();

    const text = await trail.exportText();
    expect((await verifyText(text, { publicKey: trail.publicKey })).problems).toEqual([]);
    const { problems } = await verifyText(text, { publicKey: trail.publicKey, checkpoints: kept });
    expect(problems.map(({ kind, seq }) => [kind, seq])).toEqual([['truncated', 16]]);
  });
});
