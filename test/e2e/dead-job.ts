import { join } from 'node:path';
import { openSqlite } from '../../src/server/infra/sqlite.ts';
import { newId } from '../../src/server/platform/ids.ts';

/** A job that ran out of its tries, as the server would have kept it. */
export async function putDeadJob(dataDir: string): Promise<void> {
  const database = openSqlite(join(dataDir, 'isocenter.db'));
  const at = new Date().toISOString();
  const tries = { attempts: 5, interruptions: 0, max_attempts: 5, priority: 0, worker: 'gone', lease_until: null };
  const times = { run_at: at, started_at: at, finished_at: at, created_at: at };
  const what = { name: 'measure-storage', key: null, tenant_id: 'default', payload: JSON.stringify({ tenant_id: 'default' }) };
  await database.system
    .insertInto('job')
    .values({ id: newId(new Date()), ...what, ...tries, ...times, outcome: 'dead', last_error: 'the folder was gone' })
    .execute();
  await database.close();
}
