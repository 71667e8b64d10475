import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD } from '../app.ts';
import { hasOpenssl, OWN_TITLE, openTestNode, PEER, type TestNode } from '../dicom-node.ts';
import { associate } from '../dicom-peer.ts';

let node: TestNode;
let http: FastifyInstance;
let authorization: string;
beforeAll(async () => {
  node = await openTestNode();
  const { app } = node;
  const login = await app.http.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { username: 'reader', password: PASSWORD } });
  authorization = `Bearer ${login.cookies[0]?.value}`;
  http = app.http;
});
afterAll(() => node.close());

async function ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) {
  const request: InjectOptions = { method, url, headers: { authorization }, ...(payload ? { payload } : {}) };
  const response = await http.inject(request);
  return { status: response.statusCode, body: response.json() };
}

describe('peers', () => {
  it('are added with every right unless told otherwise, listed, and removed', async () => {
    const added = await ask('POST', '/api/v1/peers', { ae_title: 'PACS', host: 'pacs.example', port: 104, may_retrieve: false });
    expect(added).toMatchObject({
      status: 201,
      body: { ae_title: 'PACS', tls: false, may_store: true, may_query: true, may_retrieve: false },
    });
    const { body } = await ask('GET', '/api/v1/peers');
    expect(body.items.map(({ ae_title }: { ae_title: string }) => ae_title)).toEqual([PEER, 'PACS']);
    expect(await ask('POST', '/api/v1/peers', { ae_title: 'PACS', host: 'other', port: 104 })).toMatchObject({ status: 409 });
    expect(await ask('DELETE', `/api/v1/peers/${added.body.id}`)).toMatchObject({ status: 200 });
    expect(await ask('DELETE', `/api/v1/peers/${added.body.id}`)).toMatchObject({ status: 404 });
  });

  it.each([
    { ae_title: 'SEVENTEEN_LETTERS', host: 'h', port: 104 },
    { ae_title: 'BACK\\SLASH', host: 'h', port: 104 },
    { ae_title: ' SPACE', host: 'h', port: 104 },
    { ae_title: 'A', host: 'h', port: 0 },
    { ae_title: 'A', host: 'h h', port: 104 },
    { ae_title: 'A', port: 104 },
  ])('are refused when they cannot be: %o', async (peer) => {
    expect(await ask('POST', '/api/v1/peers', peer)).toMatchObject({ status: 400 });
  });

  it('need a session to be seen or changed', async () => {
    expect((await http.inject({ url: '/api/v1/peers' })).statusCode).toBe(401);
    expect((await http.inject({ method: 'PUT', url: '/api/v1/dicom-node', payload: { open_to_unknown: true } })).statusCode).toBe(401);
  });

  it('may associate from when they are added until they are removed', async () => {
    await expect(associate(node.listener.port, { callingAe: 'GUEST' })).rejects.toThrow('calling-ae-title-not-recognized');
    const { body } = await ask('POST', '/api/v1/peers', { ae_title: 'GUEST', host: '127.0.0.1', port: 104 });
    (await associate(node.listener.port, { callingAe: 'GUEST' })).release();
    await ask('DELETE', `/api/v1/peers/${body.id}`);
    await expect(associate(node.listener.port, { callingAe: 'GUEST' })).rejects.toThrow('calling-ae-title-not-recognized');
  });

  it('give a sign of life, or the reason why not', async () => {
    const self = await ask('POST', '/api/v1/peers', { ae_title: OWN_TITLE, host: '127.0.0.1', port: node.listener.port });
    // The server calls itself by its own title, which is a peer now.
    expect(await ask('POST', `/api/v1/peers/${self.body.id}/echo`)).toMatchObject({ status: 200, body: { ok: true, detail: 'Success' } });
    const wrong = await ask('POST', '/api/v1/peers', { ae_title: 'WRONG', host: '127.0.0.1', port: node.listener.port });
    const refused = await ask('POST', `/api/v1/peers/${wrong.body.id}/echo`);
    expect(refused.body).toMatchObject({ ok: false, detail: 'WRONG refuses: called-ae-title-not-recognized' });
    const nobody = await ask('POST', '/api/v1/peers', { ae_title: 'NOBODY', host: '127.0.0.1', port: 1 });
    const silent = await ask('POST', `/api/v1/peers/${nobody.body.id}/echo`);
    expect(silent.body).toMatchObject({ ok: false, detail: 'NOBODY cannot be reached: ECONNREFUSED' });
    expect(await ask('POST', `/api/v1/peers/${crypto.randomUUID()}/echo`)).toMatchObject({ status: 404 });
  });

  it('may be joined by strangers only while the door is open', async () => {
    expect(await ask('GET', '/api/v1/dicom-node')).toMatchObject({ body: { ae_title: OWN_TITLE, open_to_unknown: false } });
    expect(await ask('PUT', '/api/v1/dicom-node', { open_to_unknown: true })).toMatchObject({ body: { open_to_unknown: true } });
    (await associate(node.listener.port, { callingAe: 'STRANGER' })).release();
    await ask('PUT', '/api/v1/dicom-node', { open_to_unknown: false });
    await expect(associate(node.listener.port, { callingAe: 'STRANGER' })).rejects.toThrow('calling-ae-title-not-recognized');
  });
});

describe.skipIf(!hasOpenssl)('a peer behind TLS (needs openssl)', () => {
  /** What a process that trusts `authority` says of an echo to `port`. */
  function echoFrom(port: number, authority: string | undefined): Promise<string> {
    const client = new URL('../../src/server/dimse/client.ts', import.meta.url).href;
    const remote = JSON.stringify({ ae_title: OWN_TITLE, host: 'localhost', port, tls: 1 });
    const script = `import { echoOnce } from ${JSON.stringify(client)}; const { detail } = await echoOnce(${remote}, { callingAe: '${PEER}' }); process.stdout.write(detail);`;
    const env = { PATH: process.env['PATH'], ...(authority ? { NODE_EXTRA_CA_CERTS: authority } : {}) };
    return new Promise((resolve) => {
      execFile(process.execPath, ['--input-type=module', '-e', script], { env }, (_error, stdout, stderr) => resolve(stdout + stderr));
    });
  }

  it('is spoken to when its certificate is trusted, and not otherwise', { timeout: 120_000 }, async () => {
    const [key, cert] = [join(node.folder, 'key.pem'), join(node.folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '1', ...subject], {
      stdio: 'ignore',
    });
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
      const inner = connect({ host: '127.0.0.1', port: node.listener.port });
      for (const end of [socket, inner]) end.on('error', () => undefined);
      socket.pipe(inner).pipe(socket);
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await echoFrom(port, cert)).toBe('Success');
    expect(await echoFrom(port, undefined)).toContain('SELF_SIGNED');
    server.close();
  });
});

describe('isocenter peer', () => {
  /** Runs the command as the command line does. */
  function peer(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    const command = new URL('../../src/cli/peer.ts', import.meta.url).href;
    const script = `import { peerCommand } from ${JSON.stringify(command)}; await peerCommand(${JSON.stringify(args)});`;
    const env = { PATH: process.env['PATH'], ISOCENTER_DATA_DIR: join(node.folder, 'data') };
    return new Promise((resolve) => {
      execFile(process.execPath, ['--input-type=module', '-e', script], { env }, (_error, stdout, stderr) => resolve({ stdout, stderr }));
    });
  }

  it('adds, lists and removes, and says what is wrong', { timeout: 120_000 }, async () => {
    expect((await peer('add', 'CT1', '10.0.0.5', '11112', '--no-query')).stdout).toContain('added CT1');
    expect((await peer('list')).stdout).toBe('CT1\t10.0.0.5:11112\tstore,retrieve\n');
    expect((await peer('add', 'CT2', '10.0.0.6', 'many')).stderr).toContain('port');
    expect((await peer('remove', 'CT9')).stderr).toContain('There is no peer CT9');
    expect((await peer('remove', 'CT1')).stdout).toContain('removed CT1');
    expect((await peer('list')).stdout).toBe('');
  });
});
