import { readFile } from 'node:fs/promises';
import { type ConnectionOptions, createSecureContext, type TlsOptions } from 'node:tls';

/**
 * TLS as the BCP 195 profile asks (PS3.15 B.12; RFC 9325 sections 3.1.1 and 4.2): version 1.3 or 1.2, forward secrecy and authenticated
 * encryption only. Peers that cannot are refused: no version is gone back to (RFC 8996).
 */
const PROFILE = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
  honorCipherOrder: true,
} as const satisfies TlsOptions;

/** Paths of PEM files; empty for none. */
export type TransportFiles = { cert: string; key: string; ca: string };
/** Whether applications that associate over TLS have to show a certificate that our authorities vouch for. */
export type ClientRule = 'verify' | 'any';

/** Our side of every association over TLS, in both directions. */
export type SecureTransport = {
  /** With our certificate, and with the authorities that are trusted; without such, the system's. */
  forClient(): ConnectionOptions;
  /** Undefined without a certificate of our own. */
  forServer(): TlsOptions | undefined;
  /** Takes a renewed certificate into use for associations from now on. */
  setSecureContext(own: { cert: Buffer; key: Buffer }): void;
};

/** @throws {Error} if a file cannot be read, or the key is not the certificate's */
export async function openSecureTransport(files: TransportFiles, clients: ClientRule): Promise<SecureTransport> {
  const ca = files.ca === '' ? {} : { ca: await readFile(files.ca) };
  let own: { cert?: Buffer; key?: Buffer } = files.cert === '' ? {} : { cert: await readFile(files.cert), key: await readFile(files.key) };
  createSecureContext({ ...own, ...ca });
  const verify = clients === 'verify';
  return {
    forClient: () => ({ minVersion: PROFILE.minVersion, ciphers: PROFILE.ciphers, ...own, ...ca }),
    forServer: () => (own.cert ? { ...PROFILE, ...own, ...ca, requestCert: verify, rejectUnauthorized: verify } : undefined),
    setSecureContext: ({ cert, key }) => {
      own = { cert, key };
    },
  };
}
