import { AppError } from '../platform/errors.ts';
import type { Scope } from '../platform/scope.ts';
import { openText, type SealedPlace, sealText } from '../platform/sealed-text.ts';
import { findTotp, putUnconfirmedTotp, type TotpRow } from './factor-repository.ts';

/** What every authenticator app computes (RFC 6238): SHA-1, 6 digits, 30 seconds. */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Steps before and after the present one that count as well, for clocks that differ. */
const WINDOW = 1;
/** As long as the hash (RFC 4226, 4). */
const SECRET_BYTES = 20;
const ISSUER = 'Isocenter';

type Here = Pick<Scope, 'db' | 'keys'>;

/**
 * Makes the secret of an authenticator app. It counts for nothing until a code of it was shown.
 *
 * @throws {AppError} `wrong-state` if the account has an app that counts
 */
export async function beginTotp(
  { now }: { now: () => Date },
  { db, keys, tenant_id }: Here & Pick<Scope, 'tenant_id'>,
  { id, username }: { id: string; username: string },
): Promise<{ secret: string; uri: string }> {
  const { Secret, TOTP } = await import('otpauth');
  const secret = new Secret({ size: SECRET_BYTES });
  const row = { user_id: id, secret: sealText(keys, placeOf(id), secret.base32), created_at: now().toISOString() };
  if (!(await db.transaction().execute((tx) => putUnconfirmedTotp(tx, row))))
    throw new AppError('wrong-state', 'There is an authenticator app already; remove it first');
  const uri = new TOTP({ ...FORM, issuer: ISSUER, label: `${username} (${tenant_id})`, secret }).toString();
  return { secret: secret.base32, uri };
}

/** The time step whose code it is, of an app that counts or is being set up; undefined if it is no code of it, or none of now. */
export async function findStep(
  { now }: { now: () => Date },
  { db, keys }: Here,
  userId: string,
  code: string,
): Promise<{ row: TotpRow; step: number } | undefined> {
  const row = await findTotp(db, userId);
  if (!row) return undefined;
  const { Secret, TOTP } = await import('otpauth');
  const secret = Secret.fromBase32(await openText(keys, placeOf(userId), row.secret));
  const timestamp = now().getTime();
  const distance = TOTP.validate({ ...FORM, token: code, secret, timestamp, window: WINDOW });
  return distance === null ? undefined : { row, step: TOTP.counter({ period: FORM.period, timestamp }) + distance };
}

function placeOf(row: string): SealedPlace {
  return { table: 'totp_factor', column: 'secret', row };
}
