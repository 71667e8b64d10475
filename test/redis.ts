import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why tests with Redis cannot run here; undefined if they can. For the name of a skipped test. */
export const redisMissing = spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'needs redis-server';

export type RedisServer = {
  url: string;
  /** Ends it as a crash would; `restart` starts it on the same port, empty. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts a Redis server of its own on a free loopback port, which keeps nothing on the disk. */
export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-redis-'));
  const port = await freePort();
  let child = await launch(port, folder);
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  const end = async (): Promise<void> => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGKILL')) await gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: end,
    restart: async () => {
      child = await launch(port, folder);
    },
    stop: async () => {
      process.off('exit', onExit);
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(port: number, folder: string): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('Ready to accept connections')) resolve();
    });
    child.once('exit', () => reject(new Error(`redis-server ended:\n${said}`)));
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
