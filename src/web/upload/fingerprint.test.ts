import { describe, expect, it } from 'vitest';
import { fileFingerprint } from './fingerprint.ts';

describe('the fingerprint of a resumable file', () => {
  it('is the same for the same file and another for another name, size or time', async () => {
    const prints = await Promise.all([file(), file(), file('B.dcm'), file('A.dcm', 'xy'), file('A.dcm', 'x', 2)].map(fileFingerprint));
    expect(prints[0]).toBe(prints[1]);
    expect(new Set(prints).size).toBe(4);
  });

  it('does not hold the name of the file, which may name a patient', async () => {
    expect(await fileFingerprint(file('DOE^JANE.dcm'))).toMatch(/^[0-9a-f]{64}$/);
  });
});

function file(name = 'A.dcm', content = 'x', lastModified = 1): File {
  return new File([content], name, { lastModified });
}
