import { describe } from 'vitest';
import { openTestApp, type TestApp } from './app.ts';
import { postgresMissing, startPostgres } from './postgres.ts';

/** Opens a server in process on one of the databases; `close` ends all that it took. */
export type OpenDatabaseApp = () => Promise<{ app: TestApp; close: () => Promise<void> }>;

/** The same tests on SQLite and on PostgreSQL, each in a block of its own. */
export function onBothDatabases(name: string, tests: (open: OpenDatabaseApp) => void): void {
  describe(`${name} on SQLite`, () => {
    tests(async () => {
      const app = await openTestApp();
      return { app, close: () => app.close() };
    });
  });
  describe.skipIf(postgresMissing)(`${name} on PostgreSQL${postgresMissing ? ` (${postgresMissing})` : ''}`, () => {
    tests(async () => {
      const server = await startPostgres();
      const database = await server.openDatabase();
      const app = await openTestApp({ databaseUrl: database.url });
      const close = async (): Promise<void> => {
        await app.close();
        await database.close();
        await server.stop();
      };
      return { app, close };
    });
  });
}
