import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openPgBossJobs } from '../../src/server/infra/jobs-pgboss.ts';
import type { Jobs } from '../../src/server/platform/ports.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';
import { testJobDesk } from './job-desk-contract.ts';
import { testJobs } from './jobs-contract.ts';
import { add, later, MINUTE, POLL, record } from './jobs-under-test.ts';
import { testWorkers } from './workers-contract.ts';

let server: PostgresServer;
const closing: (() => Promise<void>)[] = [];

describe.skipIf(postgresMissing)(`jobs in pg-boss on PostgreSQL${postgresMissing ? ` (${postgresMissing})` : ''}`, () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => server.stop());

  const setUp = async () => {
    const { system: db, url, close } = await server.openDatabase();
    closing.push(close);
    const open = async (options = {}): Promise<Jobs> => {
      const jobs = await openPgBossJobs({ db, url, ...options });
      closing.push(() => jobs.stop());
      return jobs;
    };
    return { db, open };
  };
  testJobs(setUp);
  testJobDesk(setUp);
  testWorkers(setUp);

  test('a job whose worker ends in the last try is dead, not tried for ever', async () => {
    const { db, open } = await setUp();
    const [lost, other] = [await open(), await open()];
    await add(db, lost, '1.1', { maxAttempts: 1 });
    const gate = Promise.withResolvers<void>();
    await lost.start(record({ 'analyze-study': () => gate.promise }).handlers, 1);
    await expect.poll(async () => (await other.counts()).running, POLL).toBe(1);
    expect(await other.drain(record().handlers, later(MINUTE))).toBe(0);
    expect(await other.counts()).toEqual({ waiting: 0, running: 0, dead: 1 });
    gate.resolve();
  });
});
