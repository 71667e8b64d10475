import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/server/main.ts', import.meta.url));
const START_LIMIT_MS = 60_000;
const COMPILED = join(tmpdir(), 'isocenter-compiled-by-node');

/** The real server as a process of its own, on a free loopback port. */
export type ServerProcess = {
  url: string;
  /** One-time link that makes the administrator; undefined if there is one. */
  setupUrl: string | undefined;
  process: ChildProcess;
  /** Everything that it printed. */
  output(): string;
  /** Asks it to end, and waits. */
  stop(): Promise<void>;
  /** Ends it as a power cut would: no handler runs. */
  kill(): Promise<void>;
};

export type StartOptions = { dataDir: string; env?: Record<string, string> };

/** Starts the server on a data folder. @throws if it ends before it listens, with what it printed */
export async function startServerOn({ dataDir, env = {} }: StartOptions): Promise<ServerProcess> {
  // As `npm start` and the command `isocenter` do.
  const child = spawn(process.execPath, ['--max-semi-space-size=8', MAIN], {
    env: {
      PATH: process.env['PATH'],
      // What is compiled once is not compiled again by the next of many servers.
      NODE_COMPILE_CACHE: COMPILED,
      ISOCENTER_DATA_DIR: dataDir,
      ISOCENTER_PORT: '0',
      ISOCENTER_DICOM_PORT: '0',
      ISOCENTER_LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await waitForUrl(child, () => text);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    url,
    setupUrl: /https?:\S+\/setup#token=\S+/.exec(text)?.[0],
    process: child,
    output: () => text,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** Starts the server on a fresh temporary folder, which `stop` removes. */
export async function startServer(env: Record<string, string> = {}): Promise<ServerProcess & { dataDir: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'isocenter-server-'));
  const server = await startServerOn({ dataDir, env });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { ...server, dataDir, stop };
}

/** Makes the administrator by the one-time link and opens a session; returns the header that carries it. */
export async function signInTo(server: ServerProcess, password = 'correct horse battery staple'): Promise<{ authorization: string }> {
  const token = server.setupUrl?.split('#token=')[1];
  if (token) await post(`${server.url}/api/v1/auth/setup`, { token, username: 'reader', full_name: 'Dr. Test Reader', password });
  const login = await post(`${server.url}/api/v1/auth/login`, { username: 'reader', password });
  const session = /isocenter_session=([^;]+)/.exec(login.headers.get('set-cookie') ?? '')?.[1];
  if (!session) throw new Error(`No session: ${login.status} ${await login.text()}`);
  return { authorization: `Bearer ${session}` };
}

async function post(url: string, body: object): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

async function waitForUrl(child: ChildProcess, output: () => string): Promise<string> {
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until) {
    const url = /listens on (https?:\/\/\S+)/.exec(output())?.[1];
    // The set-up link follows on the next lines of the same write.
    if (url) return url;
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  throw new Error(`The server did not start:\n${output()}`);
}
