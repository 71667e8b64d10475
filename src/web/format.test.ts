import { describe, expect, it } from 'vitest';
import { byteSize, demographics, dicomDate, evidenceLabel, findingGist, personName } from './format.ts';

describe('the formats of the screens', () => {
  it.each([
    ['DOE^JANE', 'DOE, JANE'],
    ['VAN DER BERG^ANNA^MARIA^DR', 'VAN DER BERG, ANNA MARIA'],
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou (山田, 太郎)'],
    ['=山田^太郎', '山田, 太郎'],
    ['MONONYM', 'MONONYM'],
    ['', ''],
  ])('writes the person name %s as %s', (value, written) => {
    expect(personName(value)).toBe(written);
  });

  it.each([
    ['20260131', '2026-01-31'],
    ['2026-01-31', '2026-01-31'],
    ['unknown', 'unknown'],
    [null, ''],
  ])('writes the date %s as %s', (value, written) => {
    expect(dicomDate(value)).toBe(written);
  });

  it('leaves out what is not known of a patient', () => {
    expect(demographics({ patient_sex: null, patient_birth_date: '19610304' })).toBe('1961-03-04');
    expect(demographics({ patient_sex: 'F', patient_birth_date: null })).toBe('F');
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [64_000_000, '64 MB'],
    [2_100_000_000, '2.1 GB'],
  ])('writes %i bytes as %s', (bytes, written) => {
    expect(byteSize(bytes)).toBe(written);
  });

  it('tells findings of one kind apart by size and side, and says nothing where there is neither', () => {
    expect(findingGist({ diameter_mm: 4.26, side: 'right', volume_mm3: 38 }, () => 'Rechts')).toBe('4.3 mm, rechts');
    expect(findingGist({ probability: 0.9 }, () => '')).toBe('');
  });

  it.each([
    ['mean_diameter_mm', { label: 'Mean diameter', unit: 'mm' }],
    ['volume_mm3', { label: 'Volume', unit: 'mm³' }],
    ['slices', { label: 'Slices', unit: '' }],
    ['hu', { label: 'Hu', unit: '' }],
  ])('takes the unit of the evidence %s from its name', (key, label) => {
    expect(evidenceLabel(key)).toEqual(label);
  });
});
