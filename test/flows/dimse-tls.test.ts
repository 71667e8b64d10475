import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createForward, getForward } from '../../src/contract/forwards.ts';
import { readConfig } from '../../src/server/config.ts';
import { echoOnce } from '../../src/server/dimse/client.ts';
import { forwardStudy } from '../../src/server/dimse/forward-study.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { openSecureTransport, type SecureTransport } from '../../src/server/dimse/secure-transport.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { newCertificate, type TestCertificate } from '../certificate.ts';
import { hasDcmtk, OWN_TITLE, openTestNode, PEER, runTool, type TestNode } from '../dicom-node.ts';
import { openWire } from '../dicom-peer.ts';
import { freePort } from '../orthanc.ts';

const [ours, theirs, stranger] = [newCertificate('node'), newCertificate('peer'), newCertificate('stranger')];
let folder: string;
let node: TestNode;
let transport: SecureTransport;
/** As a peer, which trusts the node. */
let peer: SecureTransport;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-dicom-tls-'));
  for (const [name, { cert, key }] of Object.entries({ ours, theirs, stranger })) {
    await writeFile(pem(name, 'cert'), cert);
    await writeFile(pem(name, 'key'), key);
  }
  transport = await openSecureTransport({ ...filesOf('ours'), ca: pem('theirs', 'cert') }, 'verify');
  peer = await openSecureTransport({ ...filesOf('theirs'), ca: pem('ours', 'cert') }, 'verify');
  node = await openTestNode({ transport, timeouts: { artimMs: 2_000 } });
});
afterAll(async () => {
  await node.close();
  await rm(folder, { recursive: true, force: true });
});

function pem(name: string, part: string): string {
  return join(folder, `${name}-${part}.pem`);
}

function filesOf(name: string): { cert: string; key: string } {
  return { cert: pem(name, 'cert'), key: pem(name, 'key') };
}

function echo(by: SecureTransport): ReturnType<typeof echoOnce> {
  return echoOnce({ ae_title: OWN_TITLE, host: '127.0.0.1', port: node.listener.tlsPort, tls: 1 }, { callingAe: PEER, transport: by });
}

/** The code of the error in which a bare connection ends, also one that comes after the handshake; `open` if the server keeps it. */
function outcomeOf(options: ConnectionOptions, { cert, key }: Partial<TestCertificate> = theirs): Promise<string> {
  return new Promise((resolve) => {
    const own = cert && key ? { cert, key } : {};
    const socket = connect({ host: '127.0.0.1', port: node.listener.tlsPort, ca: ours.cert, ...own, ...options });
    socket.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    socket.once('close', () => resolve('closed'));
    // Who is let in is answered: an unknown PDU by an abort.
    socket.once('data', () => {
      resolve('open');
      socket.destroy();
    });
    socket.once('secureConnect', () => socket.write(Buffer.from([0x20, 0, 0, 0, 0, 4, 0, 0, 0, 0])));
  });
}

function dcmtk(tool: string, certificate: string, args: string[]): ReturnType<typeof runTool> {
  const { cert, key } = filesOf(certificate);
  const tls = ['+tls', key, cert, '+cf', pem('ours', 'cert')];
  return runTool(tool, ['-v', '-aet', PEER, '-aec', OWN_TITLE, ...tls, 'localhost', String(node.listener.tlsPort), ...args], folder);
}

describe('an association over TLS', () => {
  it('is made with a peer whose certificate is vouched for, in TLS 1.3 and in 1.2', async () => {
    expect(await echo(peer)).toMatchObject({ ok: true });
    expect(await outcomeOf({ minVersion: 'TLSv1.3' })).toBe('open');
    expect(await outcomeOf({ maxVersion: 'TLSv1.2' })).toBe('open');
  });

  it('is refused to a client without a certificate and to one whose certificate nobody vouches for, logged and audited', async () => {
    const before = node.log.length;
    expect(await outcomeOf({}, {})).toMatch(/CERTIFICATE_REQUIRED|ALERT|ECONNRESET|closed/);
    expect(await outcomeOf({}, stranger)).toMatch(/UNKNOWN_CA|ALERT|ECONNRESET|closed/);
    expect(node.log.slice(before).map(({ fields }) => fields['reason'])).toEqual(['tls', 'tls']);
    await node.app.deps.audit.flush();
    const entries = await node.app.deps.db.selectFrom('audit_entry').select(['outcome', 'operation']).where('reason', '=', 'tls').execute();
    expect(entries).toEqual(Array.from({ length: 2 }, () => ({ outcome: 'refused', operation: 'A-ASSOCIATE' })));
    expect(await echo(peer)).toMatchObject({ ok: true });
  });

  it('is refused in TLS 1.1 and 1.0, and in 1.2 without forward secrecy or without authenticated encryption', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await outcomeOf(old)).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    for (const ciphers of ['AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA'])
      expect(await outcomeOf({ maxVersion: 'TLSv1.2', ciphers: `${ciphers}@SECLEVEL=0` }), ciphers).toMatch(/HANDSHAKE_FAILURE/);
  });

  it('is given up when the handshake does not come', async () => {
    const { closed } = await openWire(node.listener.tlsPort);
    await closed;
  });

  it('does not take what speaks without TLS, and the plain port goes on', async () => {
    const plain = { ae_title: OWN_TITLE, host: '127.0.0.1', tls: 0 };
    expect(await echoOnce({ ...plain, port: node.listener.tlsPort }, { callingAe: PEER })).toMatchObject({ ok: false });
    expect(await echoOnce({ ...plain, port: node.listener.port }, { callingAe: PEER })).toMatchObject({ ok: true });
  });

  it('is not made by us with a peer whose certificate is not trusted', async () => {
    const doubting = await openSecureTransport({ ...filesOf('theirs'), ca: pem('stranger', 'cert') }, 'verify');
    expect(await echo(doubting)).toMatchObject({ ok: false, detail: expect.stringMatching(/CERT|SIGNED/) });
  });

  it('shows a renewed certificate from then on', async () => {
    const renewed = newCertificate('renewed');
    transport.setSecureContext({ cert: Buffer.from(renewed.cert), key: Buffer.from(renewed.key) });
    node.listener.renew();
    expect(await echo(peer)).toMatchObject({ ok: false });
    transport.setSecureContext({ cert: Buffer.from(ours.cert), key: Buffer.from(ours.key) });
    node.listener.renew();
    expect(await echo(peer)).toMatchObject({ ok: true });
  });
});

describe.skipIf(!hasDcmtk)('an association of dcmtk over TLS (needs dcmtk)', () => {
  it('verifies and stores', async () => {
    expect(await dcmtk('echoscu', 'theirs', [])).toMatchObject({ code: 0 });
    const path = join(folder, 'a.dcm');
    await writeFile(path, secondaryCapture({ study: uid(91), series: uid(91, 1), instance: uid(91, 1, 1), patientId: 'TLS-1' }));
    expect(await dcmtk('storescu', 'theirs', [path])).toMatchObject({ code: 0 });
    expect((await node.app.inject({ url: '/api/v1/studies?q=TLS-1' })).json().items).toHaveLength(1);
  });

  it('is refused with a certificate that nobody vouches for', async () => {
    expect((await dcmtk('echoscu', 'stranger', [])).code).not.toBe(0);
  });
});

describe.skipIf(!hasDcmtk)('a receiver of dcmtk over TLS (needs dcmtk)', () => {
  it('is verified by us, and shown our certificate', async () => {
    const port = await freePort();
    const { cert, key } = filesOf('theirs');
    const receiver = spawn('storescp', ['-aet', 'RECEIVER', '+tls', key, cert, '+cf', pem('ours', 'cert'), '-rc', String(port)], {
      stdio: 'ignore',
    });
    const remote = { ae_title: 'RECEIVER', host: 'localhost', port, tls: 1 };
    let answer = await echoOnce(remote, { callingAe: OWN_TITLE, transport });
    while (receiver.exitCode === null && answer.detail.includes('ECONNREFUSED'))
      answer = await echoOnce(remote, { callingAe: OWN_TITLE, transport });
    expect(answer).toMatchObject({ ok: true });
    const unsure = await openSecureTransport({ ...filesOf('stranger'), ca: pem('theirs', 'cert') }, 'verify');
    expect(await echoOnce(remote, { callingAe: OWN_TITLE, transport: unsure })).toMatchObject({ ok: false });
    receiver.kill();
  });
});

describe('the options of DICOM over TLS', () => {
  it.each([
    [{ ISOCENTER_DICOM_TLS_CERT: 'a.pem' }, 'go together'],
    [{ ISOCENTER_DICOM_TLS_CERT: 'a.pem', ISOCENTER_DICOM_TLS_KEY: 'b.pem' }, 'ISOCENTER_DICOM_TLS_CA'],
    [{ ISOCENTER_DICOM_PLAIN: 'off' }, 'leaves no port'],
  ])('are refused where they do not fit together', (environment, words) => {
    expect(() => readConfig(environment)).toThrow(words);
  });

  it('let the plain port be closed', () => {
    const files = { ISOCENTER_DICOM_TLS_CERT: 'a.pem', ISOCENTER_DICOM_TLS_KEY: 'b.pem', ISOCENTER_DICOM_TLS_CA: 'c.pem' };
    const { dicom } = readConfig({ ...files, ISOCENTER_DICOM_PLAIN: 'off' });
    expect(dicom).toMatchObject({ plain: false, tls: { port: 2762, clients: 'verify' } });
  });
});

describe('a forward over TLS', { timeout: 60_000 }, () => {
  it('reaches a peer whose certificate is vouched for, and waits for another try where it is not', async () => {
    const sender = await openTestNode();
    try {
      await registerPeer(node.app.deps, { ae_title: OWN_TITLE, host: '127.0.0.1', port: 1 });
      const address = { host: '127.0.0.1', port: node.listener.tlsPort, tls: true };
      const { id: peer_id } = await registerPeer(sender.app.deps, { ae_title: OWN_TITLE, ...address });
      const study = uid(96, 40);
      const bytes = secondaryCapture({ study, series: `${study}.1`, instance: `${study}.1.1`, patientId: 'FORWARD-1', seed: 1 });
      await sender.app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }]);
      const { id } = await sender.app.call(createForward, { body: { study_instance_uid: study, peer_id } });
      const read = () => sender.app.call(getForward, { params: { id } });
      const nobody = await openSecureTransport({ ...filesOf('stranger'), ca: pem('ours', 'cert') }, 'verify');
      await forwardStudy({ ...sender.app.deps, transport: nobody }, id);
      expect(await read()).toMatchObject({ status: 'waiting', attempts: 1, sent_count: 0, last_error: expect.any(String) });
      await forwardStudy({ ...sender.app.deps, transport: peer }, id);
      expect(await read()).toMatchObject({ status: 'sent', sent_count: 1, total_count: 1 });
      const held = node.app.deps.db.selectFrom('instance').select('sop_instance_uid').where('study_instance_uid', '=', study);
      expect(await held.execute()).toHaveLength(1);
    } finally {
      await sender.close();
    }
  });
});
