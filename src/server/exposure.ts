import type { Config } from './config.ts';
import { ConfigError } from './config-values.ts';
import { type TlsFiles, type TlsServer, watchTlsFiles } from './infra/tls-files.ts';
import { isLoopback } from './platform/protection.ts';

type Log = { info(message: string): void; warn(message: string): void; error(details: object, message: string): void };

/** Passwords and patient data do not leave this machine in the clear unless somebody said so. @throws {ConfigError} */
export function requireSafeExposure({ host, tls, trustedProxies, allowPlaintext }: Config): void {
  if (isLoopback(host) || tls || trustedProxies.length > 0 || allowPlaintext) return;
  throw new ConfigError(
    `ISOCENTER_HOST: ${host} can be reached from other machines. Set ISOCENTER_TLS_CERT and ISOCENTER_TLS_KEY, or ISOCENTER_TRUSTED_PROXIES ` +
      'if a proxy with TLS stands before this server; ISOCENTER_ALLOW_PLAINTEXT=true does without',
  );
}

/** Says what weakens the installation, at each start. */
export function warnOfExposure(log: Log, { host, tls, trustedProxies, publicUrls }: Config): void {
  if (isLoopback(host)) return;
  if (!tls && trustedProxies.length === 0)
    log.warn('listening beyond this machine without TLS: passwords and patient data cross the network in the clear');
  if (publicUrls.length === 0) log.warn('ISOCENTER_PUBLIC_URL is not set: requests are accepted under every host name');
}

/** Renewed certificates are taken into use as they are, when their files change and on SIGHUP. Returns what ends it. */
export function followCertificate(http: { server: unknown; log: Log }, { tls }: Config): () => void {
  // With TLS configured it is an HTTPS server.
  return tls ? follow(http.log, http.server as TlsServer, tls) : () => undefined;
}

/** The same for the certificate that DICOM peers see. */
export function followDicomCertificate(log: Log, server: TlsServer, { dicom: { tls } }: Config): () => void {
  return tls.cert === '' ? () => undefined : follow(log, server, tls);
}

function follow(log: Log, server: TlsServer, files: TlsFiles): () => void {
  const watch = watchTlsFiles(server, files, (error) => {
    if (error) log.error({ code: codeOf(error) }, 'the new certificate cannot be used; the old one stays');
    else log.info('certificate read');
  });
  const onHangUp = (): void => void watch.reload();
  process.on('SIGHUP', onHangUp);
  return () => {
    process.off('SIGHUP', onHangUp);
    watch.close();
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
