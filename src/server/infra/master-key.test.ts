import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyFile, openMasterKeys } from './master-key.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-keys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const secret = randomBytes(32);
const keyFile = () => join(folder, 'keys', 'master.key');
const open = (options: Partial<Parameters<typeof openMasterKeys>[0]> = {}) =>
  openMasterKeys({ keyFile: keyFile(), masterKey: '', kmsCommand: '', ...options });

describe('the master key', () => {
  it('is made once, readable by its owner alone, and never overwritten', async () => {
    expect(await open()).toBeUndefined();
    await createKeyFile(keyFile());
    const text = await readFile(keyFile(), 'utf8');
    if (process.platform !== 'win32') expect((await stat(keyFile())).mode & 0o777).toBe(0o600);
    await expect(createKeyFile(keyFile())).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(keyFile(), 'utf8')).toBe(text);
    expect(await open()).toHaveLength(1);
  });

  it('unwraps what it wrapped, in the same context only', async () => {
    await createKeyFile(keyFile());
    const [key] = (await open()) ?? [];
    const wrapped = (await key?.wrap(secret, 'tenant a')) ?? '';
    expect(Buffer.from(wrapped, 'base64').includes(secret)).toBe(false);
    expect(await key?.unwrap(wrapped, 'tenant a')).toEqual(secret);
    await expect(key?.unwrap(wrapped, 'tenant b')).rejects.toThrow();
  });

  it('may be several: the environment before the file, the first line before the others, told apart by their ids', async () => {
    await createKeyFile(keyFile());
    const [old] = (await open()) ?? [];
    await writeFile(keyFile(), `# new\n${randomBytes(32).toString('hex')}\n${await readFile(keyFile(), 'utf8')}`);
    const [first, second] = (await open()) ?? [];
    expect(second?.id).toBe(old?.id);
    expect(first?.id).not.toBe(old?.id);
    const all = await open({ masterKey: randomBytes(32).toString('base64') });
    expect(all?.map(({ id }) => id).slice(1)).toEqual([first?.id, second?.id]);
  });

  it('is refused if it is short, typed or readable by everybody, without being quoted', async () => {
    await createKeyFile(keyFile());
    for (const masterKey of ['changeme', 'c2VjcmV0', Buffer.alloc(32, 'secret').toString('base64'), '00'.repeat(32)]) {
      await expect(open({ masterKey })).rejects.toThrow('ISOCENTER_MASTER_KEY');
      await expect(open({ masterKey })).rejects.not.toThrow(masterKey);
    }
    if (process.platform === 'win32') return;
    await chmod(keyFile(), 0o644);
    await expect(open()).rejects.toThrow('chmod 600');
  });
});

describe('a key management service behind a command', () => {
  const command = async (body: string) => {
    const path = join(folder, 'kms.mjs');
    await writeFile(path, body);
    return `${process.execPath} ${path}`;
  };
  /** Keeps the key bound to its context, as a service would. */
  const SERVICE = `
    let input = ''; for await (const part of process.stdin) input += part;
    const context = process.env.ISOCENTER_KEY_CONTEXT, verb = process.argv[2];
    const turn = (text) => [...text].reverse().join('');
    if (verb === 'wrap') process.stdout.write(context + '|' + turn(input.trim()) + '\\n');
    else if (input.startsWith(context + '|')) process.stdout.write(turn(input.trim().slice(context.length + 1)));
    else process.exit(3);`;

  it('wraps and unwraps, and comes before all keys', async () => {
    await createKeyFile(keyFile());
    const keys = await open({ kmsCommand: await command(SERVICE) });
    const [kms] = keys ?? [];
    expect(keys?.map(({ id }) => id)[0]).toBe('kms');
    const wrapped = (await kms?.wrap(secret, 'tenant a')) ?? '';
    expect(await kms?.unwrap(wrapped, 'tenant a')).toEqual(secret);
    await expect(kms?.unwrap(wrapped, 'tenant b')).rejects.toThrow('unwrap ended with status 3');
  });

  it('says what is wrong with the command, and never the key', async () => {
    const [missing] = (await open({ kmsCommand: join(folder, 'none') })) ?? [];
    await expect(missing?.wrap(secret, '')).rejects.toThrow('could not be started');
    const [mute] = (await open({ kmsCommand: await command('') })) ?? [];
    await expect(mute?.wrap(secret, '')).rejects.toThrow('wrap gave no answer');
    const [short] = (await open({ kmsCommand: await command("process.stdout.write('AAAA')") })) ?? [];
    await expect(short?.unwrap('x', '')).rejects.toThrow('unwrap gave 3 bytes instead of 32');
  });
});
