import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import type { TenantDeps } from '../src/cli/open-tenant.ts';
import type { Endpoint, Input, Output } from '../src/contract/endpoint.ts';
import { buildApp } from '../src/server/app.ts';
import { readConfig } from '../src/server/config.ts';
import { type Deps, openDeps } from '../src/server/deps.ts';
import { jobHandlers } from '../src/server/handlers.ts';
import { openSetup } from '../src/server/identity/setup.ts';
import type { Jobs } from '../src/server/platform/ports.ts';
import { DEFAULT_TENANT } from '../src/server/platform/scope.ts';

export const PASSWORD = 'correct horse battery staple';
export const READER = 'Dr. Test Reader';
const ADMINISTRATOR = { username: 'reader', password: PASSWORD };
const SIGN_IN_AGAIN_MS = 10 * 60_000;

export type UploadFile = { name: string; bytes: Uint8Array; type?: string };

/** The whole server in process, with an administrator signed in and a clock that only moves when told. */
export type TestApp = {
  http: FastifyInstance;
  /** What is open, with the default tenant's part of it. */
  deps: TenantDeps;
  /** The jobs of all tenants. */
  jobs: Jobs;
  /** Calls an endpoint as the administrator; fails on an answer that is not a success. */
  call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>>;
  /** The bare answer, with the session. */
  inject(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** Sends files as multipart/form-data; text fields stand before them. */
  upload(path: string, files: UploadFile[], fields?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Moves the clock and runs every job that is due by then. */
  drain(afterMs?: number): Promise<number>;
  close(): Promise<void>;
};

/** @param databaseUrl of a PostgreSQL database; SQLite unless told */
export async function openTestApp({
  databaseUrl = '',
  env = {},
}: {
  databaseUrl?: string;
  env?: Record<string, string>;
} = {}): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-app-'));
  const clock = { time: Date.now() };
  const config = readConfig({
    ISOCENTER_DATA_DIR: folder,
    ISOCENTER_LOG_LEVEL: 'silent',
    // The clock stands still, and so would the counting.
    ISOCENTER_RATE_LIMITS: 'off',
    ...env,
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
  });
  const deps = await openDeps(config, { now: () => new Date(clock.time) });
  const http = await buildApp(deps);
  await setUp(http, deps);
  let session = { token: await signIn(http), since: clock.time };

  const inject = async (options: InjectOptions): Promise<LightMyRequestResponse> => {
    // Unused for a quarter of an hour it would be over.
    if (clock.time - session.since > SIGN_IN_AGAIN_MS) session = { token: await signIn(http), since: clock.time };
    return http.inject({ ...options, headers: { authorization: `Bearer ${session.token}`, ...options.headers } });
  };
  return {
    http,
    deps: { ...deps, ...(await deps.scope(DEFAULT_TENANT)) },
    jobs: deps.jobs,
    inject,
    call: async (endpoint, input) => {
      const response = await inject(requestOf(endpoint, input));
      if (response.statusCode >= 300) throw new Error(`${endpoint.method} ${endpoint.path}: ${response.statusCode} ${response.body}`);
      return response.json();
    },
    upload: (path, files, fields = {}) => inject({ method: 'POST', url: path, ...multipart(files, fields) }),
    drain: async (afterMs = 60_000) => {
      clock.time += afterMs;
      return deps.jobs.drain(jobHandlers(deps), new Date(clock.time));
    },
    close: async () => {
      await http.close();
      await deps.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A request as an endpoint describes it. */
export function requestOf<E extends Endpoint>(endpoint: E, input: Input<E>): InjectOptions {
  const { params = {}, query, body } = input as { params?: Record<string, string>; query?: Record<string, string>; body?: object };
  const url = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  return { method: endpoint.method, url, ...(query ? { query } : {}), ...(body ? { payload: body } : {}) };
}

export function multipart(files: UploadFile[], fields: Record<string, string> = {}): { payload: Buffer; headers: Record<string, string> } {
  const boundary = 'boundary-of-the-test';
  const parts: Uint8Array[] = [];
  for (const [name, value] of Object.entries(fields)) {
    parts.push(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  }
  for (const { name, bytes, type = 'application/octet-stream' } of files) {
    parts.push(
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`),
    );
    parts.push(bytes, Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { payload: Buffer.concat(parts), headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

async function setUp(http: FastifyInstance, deps: Deps): Promise<void> {
  const token = await openSetup(deps);
  await http.inject({ method: 'POST', url: '/api/v1/auth/setup', payload: { ...ADMINISTRATOR, token, full_name: READER } });
}

async function signIn(http: FastifyInstance): Promise<string> {
  const login = await http.inject({ method: 'POST', url: '/api/v1/auth/login', payload: ADMINISTRATOR });
  const cookie = login.cookies.find(({ name }) => name === 'isocenter_session');
  if (!cookie) throw new Error(`No session: ${login.statusCode} ${login.body}`);
  return cookie.value;
}
