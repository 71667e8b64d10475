import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

/** How often the files are looked at; certificates that renew themselves do so days before they end. */
const LOOK_MS = 60_000;

export type TlsFiles = { cert: string; key: string };
export type TlsCredentials = { cert: Buffer; key: Buffer; minVersion: 'TLSv1.2' };
/** What of an HTTPS server takes new credentials. */
export type TlsServer = { setSecureContext(credentials: TlsCredentials): void };

/** @throws {Error} if a file cannot be read, or the key is not the certificate's */
export async function readTlsFiles({ cert, key }: TlsFiles): Promise<TlsCredentials> {
  const credentials = { cert: await readFile(cert), key: await readFile(key), minVersion: 'TLSv1.2' } as const;
  createSecureContext(credentials);
  return credentials;
}

/**
 * Gives a server its certificate anew when the files change, without a connection lost. While they do not fit together, as between the
 * writing of the one and the other, the server keeps what it has.
 *
 * @param onChange told after each change; with the error if the new files cannot be used
 * @returns `reload` looks at once; `close` ends the watch
 */
export function watchTlsFiles(
  server: TlsServer,
  files: TlsFiles,
  onChange: (error?: unknown) => void,
): { reload(): Promise<void>; close(): void } {
  let used = '';
  const look = async (always: boolean): Promise<void> => {
    const stamp = await stampOf(files).catch(() => undefined);
    if (!always && (stamp === undefined || stamp === used)) return;
    try {
      server.setSecureContext(await readTlsFiles(files));
      used = stamp ?? used;
      onChange();
    } catch (error) {
      onChange(error);
    }
  };
  const first = stampOf(files).then(
    (stamp) => {
      used = stamp;
    },
    () => undefined,
  );
  const timer = setInterval(() => void first.then(() => look(false)), LOOK_MS).unref();
  return {
    reload: async () => {
      await first;
      await look(true);
    },
    close: () => clearInterval(timer),
  };
}

async function stampOf(files: TlsFiles): Promise<string> {
  const found = await Promise.all([stat(files.cert), stat(files.key)]);
  return found.map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`).join(' ');
}
