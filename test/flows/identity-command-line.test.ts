import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { hash as bcryptHash } from 'bcryptjs';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeyCommand } from '../../src/cli/api-key.ts';
import { tenantCommand } from '../../src/cli/tenant.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { userCommand } from '../../src/cli/user.ts';
import { type ServerProcess, startServerOn } from '../server.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const PHRASE = 'tube glacier onyx parsley';

let folder: string;
let dataDir: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-cli-identity-'));
  dataDir = join(folder, 'data');
  // For the commands that run in this process.
  process.env['ISOCENTER_DATA_DIR'] = dataDir;
});
afterAll(async () => {
  delete process.env['ISOCENTER_DATA_DIR'];
  await rm(folder, { recursive: true, force: true });
});

type Ended = { code: number | null; stdout: string; stderr: string };

async function isocenter(args: string[], { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {}): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env['PATH'], ISOCENTER_DATA_DIR: dataDir, ...env } });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr };
}

async function logIn(server: ServerProcess, username: string, password: string, tenant = 'default'): Promise<Response> {
  return fetch(`${server.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password, tenant }),
  });
}

describe('unattended set-up, without a server', { timeout: 120_000 }, () => {
  let key: string;
  let password: string;

  it('makes the first administrator, with a password that is printed once', async () => {
    const { code, stdout } = await isocenter(['user', 'add', '--username', 'boss', '--role', 'admin', '--operator', '--json']);
    expect(code).toBe(0);
    const made = JSON.parse(stdout);
    expect(made).toMatchObject({ username: 'boss', role: 'admin', tenant_id: 'default' });
    expect(made.password).toMatch(/^[\w-]{24}$/);
    password = made.password;
    const again = await isocenter(['user', 'add', '--username', 'boss', '--role', 'doctor']);
    expect([again.code, again.stderr]).toEqual([1, 'isocenter: This user name or e-mail address is taken\n']);
  });

  it('takes a password, or the hash of another system, from the standard input, and refuses a weak one', async () => {
    const add = (username: string, flag: string, input: string) =>
      isocenter(['user', 'add', '--username', username, '--role', 'doctor', flag], { input });
    expect((await add('given', '--password-stdin', `${PHRASE}\n`)).stdout).toMatch(/^added given \(doctor, tenant default, /);
    expect((await add('weak', '--password-stdin', 'Summer2026!!\n')).code).toBe(1);
    expect((await add('none', '--password-stdin', '')).code).toBe(2);
    expect((await add('moved', '--password-hash-stdin', `${await bcryptHash(PHRASE, 6)}\n`)).code).toBe(0);
    expect((await add('md5', '--password-hash-stdin', '5f4dcc3b5aa765d61d8327deb882cf99\n')).code).toBe(2);
  });

  it('makes a key, told in JSON as `key`, and a tenant with a link for its administrator', async () => {
    const made = await isocenter([
      'api-key',
      'add',
      '--name',
      'ci',
      '--role',
      'service',
      '--scope',
      'study:read',
      '--expires',
      '90d',
      '--json',
    ]);
    const told = JSON.parse(made.stdout);
    expect(told).toMatchObject({ name: 'ci', role: 'service', permissions: ['study:read'], tenant_id: 'default' });
    expect(told.key).toMatch(/^isk_[0-9a-f]{16}_[\w-]{43}$/);
    expect(Date.parse(told.expires_at) - Date.now()).toBeGreaterThan(89 * 86_400_000);
    key = told.key;
    const tenant = JSON.parse((await isocenter(['tenant', 'add', 'north', '--name', 'North', '--json'])).stdout);
    expect(tenant).toMatchObject({ id: 'north', name: 'North' });
    expect(tenant.administrator.url).toBe(`http://127.0.0.1:8000/invitation#token=${tenant.administrator.token}`);
    const user = await isocenter(['user', 'add', '--username', 'boss', '--role', 'admin', '--tenant', 'north', '--password-stdin'], {
      input: PHRASE,
    });
    expect(user.code).toBe(0);
  });

  it.each([
    [['user', 'add', '--username', 'x'], '--role'],
    [['user', 'add', '--username', 'X Y', '--role', 'doctor'], 'username'],
    [['user', 'add', '--username', 'someone', '--role', 'operator'], 'role'],
    [['user', 'add', '--username', 'someone', '--role', 'doctor', '--tenant', 'nowhere'], 'no tenant nowhere'],
    [['api-key', 'add', '--name', 'k', '--role', 'service', '--scope', 'moon:read'], 'permissions'],
    [['api-key', 'add', '--name', 'k', '--role', 'service', '--expires', 'soon'], '--expires'],
    [['tenant', 'add', 'No Good', '--name', 'n'], 'id'],
    [['tenant', 'remove', 'north'], 'tenant takes'],
  ])('explains wrong usage %j', async ([name = '', ...args], words) => {
    const commands: Record<string, (args: string[]) => Promise<void>> = {
      user: userCommand,
      'api-key': apiKeyCommand,
      tenant: tenantCommand,
    };
    const wrong = await commands[name]?.(args).catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(UsageError);
    expect(String(wrong)).toContain(words);
  });

  it('lets a server start with no set-up link, whose people and keys are these; commands work beside it and count at once', async () => {
    const server = await startServerOn({ dataDir });
    try {
      expect(server.setupUrl).toBeUndefined();
      expect((await logIn(server, 'boss', password)).status).toBe(200);
      expect((await logIn(server, 'moved', PHRASE)).status).toBe(200);
      expect((await logIn(server, 'boss', PHRASE, 'north')).status).toBe(200);
      const studies = () => fetch(`${server.url}/api/v1/studies`, { headers: { 'x-api-key': key } });
      expect((await studies()).status).toBe(200);

      const live = JSON.parse((await isocenter(['api-key', 'add', '--name', 'live', '--role', 'service', '--json'])).stdout);
      expect((await fetch(`${server.url}/api/v1/studies`, { headers: { authorization: `Bearer ${live.key}` } })).status).toBe(200);
      const { items } = JSON.parse((await isocenter(['api-key', 'list', '--json'])).stdout);
      const { id } = items.find(({ name }: { name: string }) => name === 'ci');
      expect((await isocenter(['api-key', 'revoke', id])).code).toBe(0);
      expect((await studies()).status).toBe(401);

      for (let index = 0; index < 9; index += 1) await logIn(server, 'given', 'not the phrase at all');
      expect((await logIn(server, 'given', PHRASE)).status).toBe(429);
      const reset = JSON.parse((await isocenter(['user', 'reset-password', 'given', '--json'])).stdout);
      expect((await logIn(server, 'given', reset.password)).status).toBe(200);

      const { access_token } = (await (await logIn(server, 'moved', PHRASE)).json()) as { access_token: string };
      const ask = (path: string, body: object) =>
        fetch(`${server.url}/api/v1/auth/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${access_token}` },
          body: JSON.stringify(body),
        });
      const { secret } = (await (await ask('totp', { password: PHRASE })).json()) as { secret: string };
      await ask('totp/confirm', { code: TOTP.generate({ secret: Secret.fromBase32(secret) }) });
      expect(await (await logIn(server, 'moved', PHRASE)).json()).toHaveProperty('challenge');
      expect((await isocenter(['user', 'reset-mfa', 'nobody'])).code).toBe(2);
      expect((await isocenter(['user', 'reset-mfa', 'moved'])).code).toBe(0);
      expect(await (await logIn(server, 'moved', PHRASE)).json()).toHaveProperty('profile');

      expect((await isocenter(['tenant', 'suspend', 'north'])).code).toBe(0);
      expect((await logIn(server, 'boss', PHRASE, 'north')).status).toBe(401);
      expect((await isocenter(['tenant', 'resume', 'north'])).code).toBe(0);
      expect((await logIn(server, 'boss', PHRASE, 'north')).status).toBe(200);
      expect((await isocenter(['tenant', 'suspend', 'default'])).code).toBe(1);
      expect(server.output()).not.toMatch(/isk_|inv_/);
    } finally {
      await server.stop();
    }
  });
});

describe('a start', { timeout: 60_000 }, () => {
  it('with a secret that everybody knows is refused, without repeating it', async () => {
    const env = { DATABASE_URL: 'postgres://app:changeme@127.0.0.1:1/isocenter' };
    const { code, stderr, stdout } = await isocenter(['serve'], { env });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^isocenter: The password in DATABASE_URL is a well-known default\./)]);
    expect(stderr + stdout).not.toContain('changeme');
  });
});
