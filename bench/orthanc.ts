import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian's package `orthanc-dicomweb` puts it. */
const DICOMWEB_PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';
const START_LIMIT_MS = 30_000;
const USER = 'bench';

/** An image archive under test: where it listens, as whom to ask it, and its process. */
export type Archive = {
  name: string;
  pid: number;
  host: string;
  httpPort: number;
  dicomPort: number;
  aeTitle: string;
  headers: Record<string, string>;
  stop(): Promise<void>;
};

/** The version of the Orthanc that is installed; undefined without one, or without its DICOMweb plugin. */
export function orthancVersion(): string | undefined {
  try {
    execFileSync('test', ['-e', DICOMWEB_PLUGIN]);
    return /Orthanc (\S+)/.exec(execFileSync('Orthanc', ['--version'], { encoding: 'utf8' }))?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Orthanc on free loopback ports and a fresh folder, with users, as it comes from Debian otherwise: each file is synced when it is stored
 * (`SyncStorageArea`), its SQLite index is not at each commit (`synchronous = normal` in its binary: the last objects that it acknowledged
 * may be missing from the index after a power cut). Turned up as far as it can be: data PDUs of 128 KiB instead of 16, threads for all
 * clients, nothing compressed, Nagle's algorithm off for HTTP (its default) and DICOM (the environment variable of DCMTK).
 */
export async function startOrthanc(): Promise<Archive> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-bench-orthanc-'));
  const [httpPort, dicomPort] = await freePorts(2);
  const config = {
    StorageDirectory: join(folder, 'db'),
    IndexDirectory: join(folder, 'db'),
    Plugins: [DICOMWEB_PLUGIN],
    HttpPort: httpPort,
    DicomPort: dicomPort,
    DicomAet: 'ORTHANC',
    RemoteAccessAllowed: false,
    AuthenticationEnabled: true,
    RegisteredUsers: { [USER]: USER },
    HttpCompressionEnabled: false,
    StorageCompression: false,
    SyncStorageArea: true,
    TcpNoDelay: true,
    KeepAlive: true,
    HttpThreadsCount: 50,
    DicomThreadsCount: 8,
    MaximumPduLength: 131_072,
    // Later than the benchmark ends: no work for a study that stands complete.
    StableAge: 3600,
    DicomWeb: { Enable: true, Root: '/dicom-web/' },
  };
  await mkdir(join(folder, 'db'));
  await writeFile(join(folder, 'orthanc.json'), JSON.stringify(config));
  const child = spawn('Orthanc', [join(folder, 'orthanc.json')], { stdio: 'ignore', env: { ...process.env, TCP_NODELAY: '1' } });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  const headers = { authorization: `Basic ${Buffer.from(`${USER}:${USER}`).toString('base64')}` };
  if (!(await isUp(httpPort ?? 0, headers)) || child.pid === undefined) {
    await stop();
    throw new Error('Orthanc did not start');
  }
  const address = { host: '127.0.0.1', httpPort: httpPort ?? 0, dicomPort: dicomPort ?? 0 };
  return { name: 'Orthanc', pid: child.pid, ...address, aeTitle: config.DicomAet, headers, stop };
}

async function isUp(port: number, headers: Record<string, string>): Promise<boolean> {
  for (const until = Date.now() + START_LIMIT_MS; Date.now() < until; ) {
    const response = await fetch(`http://127.0.0.1:${port}/system`, { headers }).catch(() => undefined);
    if (response?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** Ports that were free a moment ago; Orthanc cannot be asked which one it took. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      await new Promise((resolve) => server.close(resolve));
      return typeof address === 'object' && address ? address.port : 0;
    }),
  );
}
