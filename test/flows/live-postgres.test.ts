import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEvent } from '../../src/server/events/append-event.ts';
import { findLastSeq } from '../../src/server/events/repository.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { addPerson, signIn } from '../identity-parts.ts';
import { listenOn, openSocket } from '../live-client.ts';
import { type PostgresDatabase, type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

const MASTER_KEY = randomBytes(32).toString('base64');
let server: PostgresServer;
let database: PostgresDatabase;
let here: TestApp;
let there: TestApp;

describe.skipIf(postgresMissing)(`live events of two processes on PostgreSQL${postgresMissing ? ` (${postgresMissing})` : ''}`, () => {
  beforeAll(async () => {
    server = await startPostgres();
    database = await server.openDatabase();
    const options = { databaseUrl: database.url, env: { ISOCENTER_MASTER_KEY: MASTER_KEY, ISOCENTER_LIVE_HEARTBEAT_SECONDS: '300' } };
    here = await openTestApp(options);
    there = await openTestApp(options);
  });
  afterAll(async () => {
    await Promise.all([here, there].map((app) => app?.close()));
    await database.close();
    await server.stop();
  });

  const tell = async (app: TestApp, study_instance_uid: string): Promise<void> => {
    const at = app.deps.now().toISOString();
    await app.deps.db.transaction().execute((tx) => appendEvent(tx, { type: 'study_complete', at, study_instance_uid }));
  };

  it('are heard in one that were written in the other, and are caught up with in either', async () => {
    const { access } = await signIn(here, await addPerson(here, 'radiologist'));
    const headers = { authorization: `Bearer ${access}` };
    const [base, other] = [await listenOn(here.http), await listenOn(there.http)];
    const client = await openSocket(other, '/ws/events?rooms=all', headers);
    await client.next('joined');
    await tell(here, '2.25.1');
    expect(await client.next('study_complete')).toMatchObject({ topic: 'study:2.25.1' });
    const since = client.seqs().at(-1);
    client.socket.terminate();
    await tell(here, '2.25.2');
    await tell(there, '2.25.3');
    const again = await openSocket(base, `/ws/events?rooms=all&since=${since}`, headers);
    expect(await again.next('study_complete')).toMatchObject({ topic: 'study:2.25.2' });
    expect(await again.next('study_complete')).toMatchObject({ topic: 'study:2.25.3' });
    await tell(there, '2.25.4');
    expect(await again.next('study_complete')).toMatchObject({ topic: 'study:2.25.4', seq: await findLastSeq(here.deps.systemDb) });
    expect(again.seqs()).toHaveLength(3);
    again.socket.terminate();
  });

  it('end with a session that ended in the other', async () => {
    const client = await signIn(here, await addPerson(here, 'radiologist'));
    const url = there.http.listeningOrigin;
    const socket = await openSocket(url, '/ws/events?rooms=all', { authorization: `Bearer ${client.access}` });
    await socket.next('joined');
    await client.ask('POST', '/api/v1/auth/logout');
    expect(await socket.closed).toBe(4401);
  });
});
