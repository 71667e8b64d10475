import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../app.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';
import { newWorkitem, performed, send, stateOf, WORKITEMS } from './ups-parts.ts';

/** Claims at one moment, subscriptions and what waits to be told are the database's matter. */
describe.skipIf(postgresMissing)(`the worklist on PostgreSQL${postgresMissing ? ` (${postgresMissing})` : ''}`, () => {
  let server: PostgresServer;
  let app: TestApp;
  let closeDatabase: () => Promise<void>;
  beforeAll(async () => {
    server = await startPostgres();
    const database = await server.openDatabase();
    closeDatabase = database.close;
    app = await openTestApp({ databaseUrl: database.url });
  }, 120_000);
  afterAll(async () => {
    await app.close();
    await closeDatabase();
    await server.stop();
  });

  it('gives a workitem to one of many who claim it at the same time', async () => {
    const created = await send(app, 'POST', `${WORKITEMS}?2.25.1`, newWorkitem());
    expect(created.statusCode, created.body).toBe(201);
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        send(app, 'PUT', `${WORKITEMS}/2.25.1/state`, stateOf('IN PROGRESS', `2.25.${700 + index}`)),
      ),
    );
    expect(claims.map(({ statusCode }) => statusCode).sort()).toEqual([200, ...Array(11).fill(409)]);
  });

  it('leaves each report for each subscriber once, and deletes what is finished and not locked', async () => {
    for (const aeTitle of ['ONE', 'TWO']) {
      const url = `${WORKITEMS}/1.2.840.10008.5.1.4.34.5/subscribers/${aeTitle}${aeTitle === 'TWO' ? '?deletionlock=true' : ''}`;
      expect((await app.inject({ method: 'POST', url })).statusCode).toBe(201);
    }
    await send(app, 'POST', `${WORKITEMS}?2.25.2`, newWorkitem());
    await send(app, 'PUT', `${WORKITEMS}/2.25.2/state`, stateOf('IN PROGRESS', '2.25.7'));
    await send(app, 'POST', `${WORKITEMS}/2.25.2?2.25.7`, performed());
    const done = await send(app, 'PUT', `${WORKITEMS}/2.25.2/state`, stateOf('COMPLETED', '2.25.7'));
    expect(done.statusCode, done.body).toBe(200);
    const events = await app.deps.db.selectFrom('workitem_event').selectAll().orderBy('seq').execute();
    const ofItem = events.filter(({ payload }) => payload.includes('"2.25.2"'));
    expect(ofItem.map(({ ae_title }) => ae_title)).toEqual(['ONE', 'TWO', 'ONE', 'TWO', 'ONE', 'TWO']);
    const remains = async (): Promise<number> => {
      await app.drain(30 * 86_400_000);
      await app.deps.systemDb.transaction().execute((tx) => app.jobs.enqueue(tx, 'prune-workitems', {}));
      await app.drain();
      return (await app.inject({ url: `${WORKITEMS}/2.25.2` })).statusCode;
    };
    expect(await remains()).toBe(200);
    await app.inject({ method: 'DELETE', url: `${WORKITEMS}/1.2.840.10008.5.1.4.34.5/subscribers/TWO` });
    expect(await remains()).toBe(404);
  });
});
