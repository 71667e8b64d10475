import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { newCertificate } from '../../../test/certificate.ts';
import { type Address, openEgress } from './egress.ts';
import { isPublicAddress, openRanges } from './special-addresses.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A real server on a free loopback port. */
async function listen(handler: Handler): Promise<number> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

const hello: Handler = (request, response) => response.setHeader('x-host', request.headers.host ?? '').end(`hello ${request.url}`);
const to = (...addresses: string[]) => addresses.map((address): Address => ({ address, family: address.includes(':') ? 6 : 4 }));
const refused = { kind: 'address-refused' };

describe('the way out', () => {
  it('fetches from an allowed host, at an allowed address, with the name that was asked for', async () => {
    const port = await listen(hello);
    const asked: string[] = [];
    const resolve = async (name: string) => {
      asked.push(name);
      return to('127.0.0.1');
    };
    const egress = openEgress({ allow: `http://fhir.hospital.test:${port}, 127.0.0.0/8`, resolve });
    const answer = await egress.fetch(`http://FHIR.hospital.test:${port}/Patient?x=1`);
    expect([answer.status, answer.headers.get('x-host'), await answer.text()]).toEqual([
      200,
      `fhir.hospital.test:${port}`,
      'hello /Patient?x=1',
    ]);
    expect(asked).toEqual(['fhir.hospital.test']);
  });

  it('sends bodies of every kind and reads JSON', async () => {
    const port = await listen((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => response.end(JSON.stringify({ body, type: request.headers['content-type'], method: request.method })));
    });
    const { fetch } = openEgress({ allow: `http://127.0.0.1:${port}` });
    const post = async (body: string | Uint8Array | ArrayBuffer | URLSearchParams) =>
      (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body })).json();
    expect(await post('héllo')).toMatchObject({ body: 'héllo', method: 'POST' });
    expect(await post(new Uint8Array([104, 105]))).toMatchObject({ body: 'hi' });
    expect(await post(new Uint8Array([104, 105]).buffer)).toMatchObject({ body: 'hi' });
    expect(await post(new URLSearchParams({ a: 'b c' }))).toMatchObject({ body: 'a=b+c', type: 'application/x-www-form-urlencoded' });
  });

  it('goes nowhere unless a host is allowed, with its protocol and port', async () => {
    const never = async (): Promise<Address[]> => {
      throw new Error('asked for a name that is not allowed');
    };
    const { fetch, check } = openEgress({ allow: 'idp.example.org, *.api.example.org, http://llm.test:8080', resolve: never });
    for (const url of [
      'http://idp.example.org',
      'https://idp.example.org:8443',
      'https://example.org',
      'https://idp.example.org.evil.test',
      'https://evil.test/?idp.example.org',
      'https://idp.example.org@evil.test',
      'https://user:secret@idp.example.org',
      'https://api.example.org',
      'https://notapi.example.org',
      'https://llm.test:8080',
      'http://llm.test',
      'ftp://idp.example.org',
      'file:///etc/passwd',
      'gopher://idp.example.org',
      'data:text/plain,x',
      '//idp.example.org',
      'not an address',
    ]) {
      await expect(fetch(url), url).rejects.toMatchObject(refused);
      expect(() => check(url), url).toThrow();
    }
    for (const url of [
      'https://idp.example.org/x',
      'https://idp.example.org:443',
      'https://idp.example.org.',
      'https://a.b.api.example.org',
    ])
      expect(() => check(url), url).not.toThrow();
  });

  it('is closed without a configuration', async () => {
    for (const url of ['https://example.org', 'http://127.0.0.1', 'http://169.254.169.254/latest/meta-data'])
      await expect(openEgress({ allow: '' }).fetch(url)).rejects.toMatchObject(refused);
  });

  it('never reaches this machine or its network by any spelling of an address', async () => {
    const port = await listen(hello);
    // Every host is allowed here: the address alone decides.
    const spellings = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0x7f.0.0.1',
      '017700000001',
      '0177.0.0.01',
      '0',
      '127。0。0。1',
      '１２７.0.0.1',
      '[::1]',
      '[0:0:0:0:0:0:0:1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
      '[fe80::1]',
      '[fd00:ec2::254]',
      '169.254.169.254',
      '10.0.0.1',
      '192.168.1.1',
      '172.31.255.255',
      '100.100.100.200',
      '255.255.255.255',
    ];
    for (const host of spellings) {
      const url = `http://${host}:${port}/`;
      const { hostname } = new URL(url);
      await expect(openEgress({ allow: `http://*.test:${port}` }).fetch(url), host).rejects.toMatchObject(refused);
      const named = openEgress({ allow: `http://any.test:${port}`, resolve: async () => to(hostname.replace(/^\[|\]$/g, '')) });
      await expect(named.fetch(`http://any.test:${port}/`), host).rejects.toMatchObject(refused);
    }
  });

  it('asks for a name once and connects to that answer: a name that changes its address gains nothing', async () => {
    const port = await listen(hello);
    const answers = [to('127.0.0.1'), to('169.254.169.254')];
    let asked = 0;
    const resolve = async () => answers[asked++] ?? [];
    const { fetch } = openEgress({ allow: `http://rebind.test:${port}, 127.0.0.1`, resolve });
    expect(await (await fetch(`http://rebind.test:${port}/a`)).text()).toBe('hello /a');
    expect(asked).toBe(1);
    await expect(fetch(`http://rebind.test:${port}/b`)).rejects.toMatchObject(refused);
  });

  it('refuses a name that has one bad address among good ones', async () => {
    const resolve = async () => to('93.184.215.14', '127.0.0.1');
    await expect(openEgress({ allow: 'mixed.test', resolve }).fetch('https://mixed.test')).rejects.toMatchObject(refused);
  });

  it('follows no redirect', async () => {
    let reached = false;
    const inner = await listen((_request, response) => {
      reached = true;
      response.end();
    });
    const port = await listen((_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${inner}/` }).end());
    const { fetch } = openEgress({ allow: `http://127.0.0.1:${port}, http://127.0.0.1:${inner}` });
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `http://127.0.0.1:${inner}/`]);
    expect(reached).toBe(false);
  });

  it('stops at the largest answer, said beforehand or not', async () => {
    const endless = await listen((_request, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(10_000)));
        response.once('drain', more);
      };
      more();
    });
    const told = await listen((_request, response) => response.writeHead(200, { 'content-length': '1000001' }).write('x'));
    const { fetch } = openEgress({ allow: `http://127.0.0.1:${endless}, http://127.0.0.1:${told}` });
    const answer = await fetch(`http://127.0.0.1:${endless}`, { maxBytes: 1_000_000 });
    await expect(answer.text()).rejects.toThrow('larger than 1000000 bytes');
    await expect(fetch(`http://127.0.0.1:${told}`, { maxBytes: 1_000_000 })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('gives up in time, before the answer and within it; and when its caller does', async () => {
    const mute = await listen(() => undefined);
    const slow = await listen((_request, response) => response.writeHead(200).write('begin'));
    const { fetch } = openEgress({ allow: `http://127.0.0.1:${mute}, http://127.0.0.1:${slow}` });
    await expect(fetch(`http://127.0.0.1:${mute}`, { timeoutMs: 30 })).rejects.toMatchObject({ kind: 'unavailable' });
    await expect((await fetch(`http://127.0.0.1:${slow}`, { timeoutMs: 200 })).text()).rejects.toThrow();
    const stop = new AbortController();
    const asking = fetch(`http://127.0.0.1:${mute}`, { signal: stop.signal });
    stop.abort(new Error('the caller went away'));
    await expect(asking).rejects.toThrow('the caller went away');
  });

  it('trusts no certificate that nobody vouches for', async () => {
    const server = createTlsServer(newCertificate(), hello).listen(0, '127.0.0.1');
    closing.push(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { fetch } = openEgress({ allow: `localhost:${port}`, resolve: async () => to('127.0.0.1') });
    await expect(fetch(`https://localhost:${port}/`)).rejects.toMatchObject({
      kind: 'unavailable',
      cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
  });

  it('is not opened with an entry that means nothing', () => {
    for (const allow of ['https://', 'exa mple.org', '10.0.0.0/33', '10.0.0.0/x', '*.*.org', 'ftp://a.org', 'a.org/path', '*'])
      expect(() => openEgress({ allow }), allow).toThrow(RangeError);
  });
});

describe('special addresses', () => {
  it('are told from public ones in both families', () => {
    for (const address of ['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.0', '100.63.255.255', '2606:4700::1111', '2a00:1450::1'])
      expect(isPublicAddress(address), address).toBe(true);
    for (const address of ['172.16.0.0', '100.127.255.255', '198.19.255.255', '2001:db8::1', '::ffff:8.8.8.8', 'fe80::1%eth0', 'x', ''])
      expect(isPublicAddress(address), address).toBe(false);
  });

  it('belong to the ranges that hold them and to no others', () => {
    const ranges = openRanges(['10.1.0.0/16', 'fd00::/8', '192.0.2.7']);
    for (const address of ['10.1.255.255', 'fd12::1', '192.0.2.7']) expect(ranges.has(address), address).toBe(true);
    for (const address of ['10.2.0.0', 'fe00::1', '192.0.2.8', '::ffff:10.1.0.1', 'name']) expect(ranges.has(address), address).toBe(false);
  });
});
