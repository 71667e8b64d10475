import { AppError } from '../platform/errors.ts';

/**
 * Under which address this server was asked: a configured one, or where none is that of `localhost`. A name that somebody put into a header
 * is not believed.
 *
 * @throws {AppError} `wrong-state` where none is configured
 */
export function ownOrigin(publicUrls: readonly string[], { protocol, host }: { protocol: string; host: string }): string {
  const text = `${protocol}://${host}`;
  const asked = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = publicUrls.length === 0 && asked?.hostname === 'localhost';
  const origin = asked && (isLocal || publicUrls.includes(asked.origin)) ? asked.origin : publicUrls[0];
  if (origin === undefined) throw new AppError('wrong-state', 'This needs a name of this server: ISOCENTER_PUBLIC_URL');
  return origin;
}
