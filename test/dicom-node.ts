import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DicomListener, type Limits, openDicomListener } from '../src/server/dimse/listener.ts';
import { registerPeer } from '../src/server/dimse/manage-peers.ts';
import type { SecureTransport } from '../src/server/dimse/secure-transport.ts';
import { TIMEOUTS, type Timeouts } from '../src/server/dimse/timeouts.ts';
import { openTestApp, type TestApp } from './app.ts';

/** Title of the peer that is known from the beginning and may do everything. */
export const PEER = 'MODALITY';
export const OWN_TITLE = 'ISOCENTER';

export const hasDcmtk = has('storescu', '--version');
export const hasOpenssl = has('openssl', 'version');
export const hasOrthanc = has('Orthanc', '--version');

export type LogLine = { level: 'info' | 'warn' | 'error'; message: string; fields: Record<string, unknown> };
export type ToolResult = { code: number; output: string };
/** A whole server in process that listens for DIMSE on a free port. */
export type TestNode = {
  app: TestApp;
  listener: DicomListener;
  log: LogLine[];
  /** A folder for files of the test. */
  folder: string;
  /** Runs a program of dcmtk against the server as the known peer, or as another title. */
  dcmtk(tool: string, args: string[], callingAe?: string): Promise<ToolResult>;
  /** Writes files to send; returns their paths. */
  files(contents: Uint8Array[]): Promise<string[]>;
  close(): Promise<void>;
};

type NodeOptions = {
  timeouts?: Partial<Timeouts>;
  limits?: Limits;
  databaseUrl?: string;
  /** With it the node also listens over TLS. */
  transport?: SecureTransport;
  privateClasses?: string[];
};

/** @param options.timeouts those that the test needs shorter; `databaseUrl` of PostgreSQL, SQLite unless told */
export async function openTestNode(options: NodeOptions = {}): Promise<TestNode> {
  const app = await openTestApp(options.databaseUrl ? { databaseUrl: options.databaseUrl } : {});
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-dicom-'));
  const log: LogLine[] = [];
  const line = (level: LogLine['level']) => (fields: object, message: string) => {
    log.push({ level, message, fields: { ...fields } });
  };
  const deps = options.transport ? { ...app.deps, transport: options.transport } : app.deps;
  const listener = await openDicomListener(deps, {
    host: '127.0.0.1',
    port: 0,
    node: { aeTitle: OWN_TITLE, privateClasses: new Set(options.privateClasses) },
    log: { info: line('info'), warn: line('warn'), error: line('error') },
    timeouts: { ...TIMEOUTS, ...options.timeouts },
    ...(options.limits ? { limits: options.limits } : {}),
  });
  await registerPeer(app.deps, { ae_title: PEER, host: '127.0.0.1', port: 1 });
  let files = 0;
  return {
    app,
    listener,
    log,
    folder,
    dcmtk: (tool, args, callingAe = PEER) =>
      runTool(tool, ['-aet', callingAe, '-aec', OWN_TITLE, '127.0.0.1', String(listener.port), ...args], folder),
    files: (contents) =>
      Promise.all(
        contents.map(async (bytes) => {
          const path = join(folder, `${files++}.dcm`);
          await writeFile(path, bytes);
          return path;
        }),
      ),
    close: async () => {
      await listener.close();
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function runTool(tool: string, args: string[], cwd: string): Promise<ToolResult> {
  return new Promise((resolve) => {
    const child = execFile(tool, args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}

function has(tool: string, ask: string): boolean {
  try {
    execFileSync(tool, [ask], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
