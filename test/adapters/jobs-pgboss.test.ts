import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { openPgBossJobs } from '../../src/server/infra/jobs-pgboss.ts';
import type { Jobs } from '../../src/server/platform/ports.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';
import { testJobs } from './jobs-contract.ts';
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
    const { db, url, close } = await server.openDatabase();
    closing.push(close);
    const open = async (options = {}): Promise<Jobs> => {
      const jobs = await openPgBossJobs({ db, url, ...options });
      closing.push(() => jobs.stop());
      return jobs;
    };
    return { db, open };
  };
  testJobs(setUp);
  testWorkers(setUp);
});
