import { describe, expect, it } from 'vitest';
import { newTenantKeys } from '../../../test/adapters/tenant-keys.ts';
import { openText, sealedWith, sealText } from './sealed-text.ts';

const PLACE = { table: 'app_user', column: 'totp_seed', row: 'a1' };

describe('sealed columns', () => {
  it('come back as they were, also after a rotation, and never look the same twice', async () => {
    const keys = newTenantKeys();
    for (const text of ['', 'JBSWY3DPEHPK3PXP', 'Grüße ٣ 🫁', 'x'.repeat(100_000)]) {
      const sealed = sealText(keys, PLACE, text);
      expect(await openText(keys, PLACE, sealed)).toBe(text);
      expect(sealText(keys, PLACE, text)).not.toBe(sealed);
      if (text) expect(sealed).not.toContain(text.slice(0, 8));
      keys.rotate();
      expect(await openText(keys, PLACE, sealed)).toBe(text);
      expect(sealedWith(sealText(keys, PLACE, text))).toBe(keys.current().id);
    }
  });

  it('open in no other row, column, table or tenant', async () => {
    const keys = newTenantKeys();
    const sealed = sealText(keys, PLACE, 'secret');
    for (const change of [{ row: 'a2' }, { column: 'email' }, { table: 'patient' }]) {
      await expect(openText(keys, { ...PLACE, ...change }, sealed)).rejects.toMatchObject({ kind: 'internal' });
    }
    await expect(openText({ ...keys, tenant_id: 'other' }, PLACE, sealed)).rejects.toMatchObject({ kind: 'internal' });
  });

  it('show every change, and say so without the value', async () => {
    const keys = newTenantKeys();
    const sealed = sealText(keys, PLACE, 'secret of the patient');
    const at = sealed.lastIndexOf('.') + 1;
    for (let position = at; position < sealed.length; position++) {
      const changed = `${sealed.slice(0, position)}${sealed[position] === 'A' ? 'B' : 'A'}${sealed.slice(position + 1)}`;
      await expect(openText(keys, PLACE, changed), `position ${position}`).rejects.toThrow('A value of app_user.totp_seed was changed');
    }
    for (const other of ['', 'secret', sealed.slice(0, at + 10), `sealed2${sealed.slice(7)}`])
      await expect(openText(keys, PLACE, other)).rejects.toThrow('A value of app_user.totp_seed is not sealed');
  });

  it('cannot be opened once the key is destroyed', async () => {
    const keys = newTenantKeys();
    const sealed = sealText(keys, PLACE, 'secret');
    keys.destroy(keys.current().id);
    await expect(openText(keys, PLACE, sealed)).rejects.toThrow('no longer exists');
  });
});
