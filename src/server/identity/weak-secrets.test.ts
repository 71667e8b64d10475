import { describe, expect, it } from 'vitest';
import { findWeakSecret } from './weak-secrets.ts';

describe('a secret that everybody knows', () => {
  it.each<Record<string, string>>([
    { DATABASE_URL: 'postgres://postgres:postgres@db/isocenter' },
    { DATABASE_URL: 'postgres://isocenter:isocenter@db/isocenter' },
    { DATABASE_URL: 'postgres://clinic:Clinic@db/isocenter' },
    { DATABASE_URL: 'postgres://app:s3cret@db/isocenter' },
    { DATABASE_URL: 'postgres://app:%63hangeme@db/isocenter' },
    { REDIS_URL: 'redis://:redis@cache' },
    { ISOCENTER_S3_SECRET: 'minioadmin' },
    { ISOCENTER_SMTP_PASSWORD: 'ChangeMe' },
    { ISOCENTER_WEBHOOK_TOKEN: 'aaaaaaaaaaaaaaaa' },
    { ISOCENTER_MASTER_KEY: 'secret' },
  ])('is found, and not repeated: %j', (options) => {
    const [[name, value] = ['', '']] = Object.entries(options);
    const found = findWeakSecret(options);
    expect(found).toContain(name);
    expect(found).not.toContain(value);
  });

  it.each<Record<string, string>>([
    {},
    { DATABASE_URL: '' },
    { DATABASE_URL: 'postgres://db/isocenter' },
    { DATABASE_URL: 'postgres://app@db/isocenter' },
    { DATABASE_URL: 'postgres://app:9f2c61d0b7e84a53@db/isocenter' },
    { ISOCENTER_TLS_KEY: 'tls.key' },
    { ISOCENTER_AE_TITLE: 'SECRET' },
    { ISOCENTER_MASTER_KEY: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=' },
  ])('is not seen where there is none: %j', (options) => {
    expect(findWeakSecret(options)).toBeUndefined();
  });
});
