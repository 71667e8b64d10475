import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSettings } from '../../src/contract/system.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { addPerson, signIn } from '../identity-parts.ts';

const EMAIL = 'library@hospital.example';
const KEY = 'k7w1z0pq2m8r';
let app: TestApp;

beforeAll(async () => {
  app = await openTestApp({ env: { ISOCENTER_LITERATURE_EMAIL: EMAIL, ISOCENTER_NCBI_API_KEY: KEY } });
});
afterAll(() => app.close());

describe('what is configured', () => {
  it('is told with its value, its default and where it comes from', async () => {
    const { items } = await app.call(listSettings, {});
    const byName = new Map(items.map((setting) => [setting.name, setting]));
    expect(byName.get('ISOCENTER_LITERATURE_EMAIL')).toMatchObject({ value: EMAIL, default: '', source: 'environment', is_secret: false });
    expect(byName.get('ISOCENTER_RECYCLE_DAYS')).toMatchObject({ source: 'default', is_set: true });
    expect(byName.get('ISOCENTER_RECYCLE_DAYS')?.value).toBe(byName.get('ISOCENTER_RECYCLE_DAYS')?.default);
  });

  it('says of a secret that it is set, and nothing else', async () => {
    const { items } = await app.call(listSettings, {});
    const secret = items.find(({ name }) => name === 'ISOCENTER_NCBI_API_KEY');
    expect(secret).toMatchObject({ value: null, is_set: true, is_secret: true, source: 'environment' });
    expect(JSON.stringify(items)).not.toContain(KEY);
  });

  it('names every option that holds a key, a password or a token as a secret', async () => {
    const { items } = await app.call(listSettings, {});
    const suspicious = items.filter(({ name }) => /(^|_)(KEY|SECRET|PASSWORD|TOKEN)$|^(DATABASE|REDIS)_URL$/.test(name));
    // Files of private keys are named by their path.
    const open = suspicious.filter(({ is_secret, description }) => !is_secret && !/file|PEM/i.test(description));
    expect(open.map(({ name }) => name)).toEqual([]);
  });

  it('is for who administers the installation, not for the administrator of a tenant', async () => {
    const { ask } = await signIn(app, await addPerson(app, 'admin'));
    expect((await ask('GET', '/api/v1/system/settings')).statusCode).toBe(403);
  });
});
