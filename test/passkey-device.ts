import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { NewCredential, UsedCredential } from '../src/contract/identity-passkeys.ts';

/** Flags of authenticator data (WebAuthn level 3, 6.1): user present, user verified, attested credential data included. */
const [PRESENT, VERIFIED, ATTESTED] = [0x01, 0x04, 0x40];

type Options = { rpId: string; challenge: string; origin: string; isVerified?: boolean };

/** An authenticator in software: one passkey on the curve P-256, without attestation. */
export type PasskeyDevice = {
  id: string;
  create(options: Options & { userHandle: string }): NewCredential;
  /** Each use counts one up, unless the count is told. */
  use(options: Options & { count?: number; userHandle?: string; type?: string }): UsedCredential;
};

export function openPasskeyDevice(id: Buffer = randomBytes(32)): PasskeyDevice {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let counter = 0;
  let handle = '';
  const name = id.toString('base64url');
  return {
    id: name,
    create: ({ rpId, challenge, origin, userHandle, isVerified = true }) => {
      handle = userHandle;
      const length = Buffer.from([id.length >> 8, id.length & 0xff]);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKey(publicKey)]);
      const data = Buffer.concat([authenticatorData(rpId, ATTESTED | flagsOf(isVerified), counter), attested]);
      const attestation = cbor(
        new Map<CborValue, CborValue>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', data],
        ]),
      );
      const response = {
        clientDataJSON: clientData('webauthn.create', challenge, origin),
        attestationObject: attestation.toString('base64url'),
      };
      return { id: name, rawId: name, type: 'public-key', response: { ...response, transports: ['internal'] } };
    },
    use: ({ rpId, challenge, origin, isVerified = true, count, userHandle = handle, type = 'webauthn.get' }) => {
      counter = count ?? counter + 1;
      const data = authenticatorData(rpId, flagsOf(isVerified), counter);
      const clientDataJSON = clientData(type, challenge, origin);
      const signed = Buffer.concat([data, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
      const signature = sign('sha256', signed, { key: privateKey, dsaEncoding: 'der' }).toString('base64url');
      const response = { clientDataJSON, authenticatorData: data.toString('base64url'), signature, userHandle };
      return { id: name, rawId: name, type: 'public-key', response };
    },
  };
}

function flagsOf(isVerified: boolean): number {
  return isVerified ? PRESENT | VERIFIED : PRESENT;
}

function authenticatorData(rpId: string, flags: number, counter: number): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([flags]), count]);
}

function clientData(type: string, challenge: string, origin: string): string {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })).toString('base64url');
}

/** A key on P-256 as COSE writes it (RFC 9053, 7.1.1). */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const point = (coordinate: string) => Buffer.from(coordinate, 'base64url');
  return cbor(
    new Map<CborValue, CborValue>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, point(x)],
      [-3, point(y)],
    ]),
  );
}

type CborValue = number | string | Buffer | Map<CborValue, CborValue>;

/** CBOR (RFC 8949) of what authenticators write. */
function cbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, held]) => [cbor(key), cbor(held)])]);
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 0x100) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
