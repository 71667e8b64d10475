import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A certificate that signs itself, and its private key, both as PEM. */
export type TestCertificate = { cert: string; key: string };

/** DER tags (ITU-T X.690). */
const Tag = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
};
const ECDSA_SHA256 = [1, 2, 840, 10045, 4, 3, 2];
const COMMON_NAME = [2, 5, 4, 3];
const SUBJECT_ALT_NAME = [2, 5, 29, 17];
const BASIC_CONSTRAINTS = [2, 5, 29, 19];

/** Makes a certificate (RFC 5280) for `localhost` and 127.0.0.1, valid for an hour; `name` tells one from another. */
export function newCertificate(name = 'localhost'): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(Tag.sequence, oid(ECDSA_SHA256));
  const who = der(Tag.sequence, der(Tag.set, der(Tag.sequence, oid(COMMON_NAME), der(Tag.utf8, Buffer.from(name)))));
  const names = der(Tag.sequence, der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  const content = der(
    Tag.sequence,
    der(Tag.version, der(Tag.integer, Buffer.from([2]))),
    der(Tag.integer, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    who,
    der(Tag.sequence, time(Date.now() - 3_600_000), time(Date.now() + 3_600_000)),
    who,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      Tag.extensions,
      der(
        Tag.sequence,
        der(Tag.sequence, oid(SUBJECT_ALT_NAME), der(Tag.octets, names)),
        der(Tag.sequence, oid(BASIC_CONSTRAINTS), der(Tag.octets, der(Tag.sequence, Buffer.from([1, 1, 0xff])))),
      ),
    ),
  );
  const signature = sign('sha256', content, privateKey);
  const certificate = der(Tag.sequence, content, algorithm, der(Tag.bits, Buffer.concat([Buffer.from([0]), signature])));
  // No empty line, also where the last one is full.
  const lines = certificate
    .toString('base64')
    .replaceAll(/(.{64})/g, '$1\n')
    .trimEnd();
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function oid([first = 0, second = 0, ...rest]: number[]): Buffer {
  const bytes = rest.flatMap((value) => {
    const digits = [value & 0x7f];
    for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return der(Tag.oid, Buffer.from([first * 40 + second, ...bytes]));
}

function time(milliseconds: number): Buffer {
  return der(Tag.time, Buffer.from(`${new Date(milliseconds).toISOString().replaceAll(/[-:T]|\..*/g, '')}Z`));
}
