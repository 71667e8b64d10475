import { describe, expect, it } from 'vitest';
import { isStorageSopClass, isValidUid, sopClassName, transferSyntaxes, transferSyntaxOf } from './uids.ts';

describe('UIDs', () => {
  it('name SOP classes, and storage classes are told from services', () => {
    expect(sopClassName('1.2.840.10008.5.1.4.1.1.2')).toBe('CT Image Storage');
    expect(isStorageSopClass('1.2.840.10008.5.1.4.1.1.2')).toBe(true);
    expect(isStorageSopClass('1.2.840.10008.5.1.4.1.1.1.1')).toBe(true);
    expect(isStorageSopClass('1.2.840.10008.5.1.4.1.1.66.7')).toBe(true);
    expect(isStorageSopClass('1.2.840.10008.1.1')).toBe(false);
    expect(isStorageSopClass('1.2.840.10008.1.3.10')).toBe(false);
    expect(isStorageSopClass('1.2.840.10008.1.20.1')).toBe(false);
    expect(isStorageSopClass('1.2.840.10008.5.1.4.1.1.200.4')).toBe(false);
    expect(isStorageSopClass('1.2.826.0.1.3680043')).toBe(false);
  });

  it('are digits and dots, no longer than 64 characters', () => {
    expect(isValidUid('1.2.840.10008.1.2')).toBe(true);
    expect(isValidUid('1.02.3')).toBe(true);
    for (const bad of ['', '1.', '.1', '1..2', '1.2a', '1.2 ', '../1', '1'.repeat(65), '1.2\n']) expect(isValidUid(bad), bad).toBe(false);
  });

  it('of transfer syntaxes say how the data set is encoded; an unknown one is explicit and encapsulated', () => {
    expect(transferSyntaxOf('1.2.840.10008.1.2')).toMatchObject({ explicit: false, encapsulated: false });
    expect(transferSyntaxOf('1.2.840.10008.1.2.2')).toMatchObject({ explicit: true, bigEndian: true });
    expect(transferSyntaxOf('1.2.840.10008.1.2.4.91')).toMatchObject({ encapsulated: true, lossy: true });
    expect(transferSyntaxOf('1.2.3')).toMatchObject({ explicit: true, encapsulated: true });
    expect(transferSyntaxOf('constructor')).toMatchObject({ name: 'unknown' });
    for (const uid of Object.keys(transferSyntaxes)) expect(isValidUid(uid)).toBe(true);
  });
});
