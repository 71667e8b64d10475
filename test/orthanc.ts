import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another archive, for tests that need both sides of a service by somebody else. */
export type Orthanc = {
  dicomPort: number;
  aeTitle: string;
  /** Its REST interface: the answer as JSON. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown>;
  /** Puts an object in. */
  store(part10: Uint8Array): Promise<void>;
  stop(): Promise<void>;
};

/** @param peer the application that it knows as `isocenter`: its title and port */
export async function startOrthanc(peer: { aeTitle: string; port: number }): Promise<Orthanc> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-test-orthanc-'));
  const [httpPort, dicomPort] = [await freePort(), await freePort()];
  const config = {
    StorageDirectory: folder,
    IndexDirectory: folder,
    Plugins: [],
    HttpPort: httpPort,
    DicomPort: dicomPort,
    DicomAet: 'ORTHANC',
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    DicomCheckCalledAet: true,
    DicomModalities: {
      isocenter: { AET: peer.aeTitle, Host: '127.0.0.1', Port: peer.port, AllowStorageCommitment: true },
    },
  };
  await writeFile(join(folder, 'orthanc.json'), JSON.stringify(config));
  const child = spawn('Orthanc', [join(folder, 'orthanc.json')], { stdio: 'ignore', env: { ...process.env, TCP_NODELAY: '1' } });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ask: Orthanc['ask'] = async (method, path, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return (await fetch(`http://127.0.0.1:${httpPort}${path}`, init)).json();
  };
  while (child.exitCode === null && !(await ask('GET', '/system').catch(() => undefined)));
  return {
    dicomPort,
    aeTitle: config.DicomAet,
    ask,
    store: async (part10) => {
      const response = await fetch(`http://127.0.0.1:${httpPort}/instances`, { method: 'POST', body: Buffer.from(part10) });
      if (!response.ok) throw new Error(`Orthanc did not take the object: ${response.status}`);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
