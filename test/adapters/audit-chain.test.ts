import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, openTestTrail, verifyText } from '../audit.ts';
import { openTestSqlite, type TestDatabase } from '../database.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

const databases = [
  { name: 'SQLite', skip: false },
  { name: `PostgreSQL${postgresMissing ? ` (${postgresMissing})` : ''}`, skip: postgresMissing !== undefined },
];

/** Each its own connections, as processes have them. */
const WRITERS = 4;
const TRANSACTIONS = 25;

describe.each(databases)('the audit chain on $name', ({ name, skip }) => {
  let server: PostgresServer | undefined;
  let database: TestDatabase;
  beforeAll(async () => {
    if (skip) return;
    server = name === 'SQLite' ? undefined : await startPostgres();
    database = server ? await server.openDatabase() : await openTestSqlite();
  });
  afterAll(async () => {
    if (skip) return;
    await database.close();
    await server?.stop();
  });

  it.skipIf(skip)('stays whole when several programs write to it at the same time, also where transactions are rolled back', async () => {
    const views = [database.database, ...Array.from({ length: WRITERS - 1 }, () => database.reopen())];
    const writers = views.map((view) => openTestTrail(view));
    const work = async ({ trail, db }: (typeof writers)[number]): Promise<void> => {
      for (let index = 0; index < TRANSACTIONS; index += 1) {
        const written = db.transaction().execute(async (tx) => {
          await trail.append(tx, 'default', [act({ details: { index } }), act({ action: 'change' })]);
          if (index % 5 === 0) throw new Error('rolled back');
        });
        await written.catch((error: Error) => expect(error.message).toBe('rolled back'));
      }
    };
    await Promise.all(writers.map(work));
    const [first] = writers;
    if (!first) throw new Error('no writer');
    const { entries, problems } = await verifyText(await first.exportText(), { publicKey: first.publicKey });
    expect({ entries, problems }).toEqual({ entries: (WRITERS * TRANSACTIONS * 4 * 2) / 5, problems: [] });
    for (const { trail } of writers) await trail.close();
    for (const view of views.slice(1)) await view.close();
  });

  it.skipIf(skip)('keeps entries from being changed, and from being removed before a checkpoint vouches for them', async () => {
    const { trail, checkpoint } = openTestTrail(database.database);
    await trail.record('default', act());
    const change = database.system.updateTable('audit_entry').set({ actor_id: 'x' }).where('seq', '=', 1).execute();
    await expect(change).rejects.toThrow('never changed');
    const remove = (): Promise<unknown> => database.db.deleteFrom('audit_entry').where('seq', '=', 1).execute();
    await expect(remove()).rejects.toThrow('without a checkpoint');
    await checkpoint();
    await remove();
    await trail.close();
  });
});
