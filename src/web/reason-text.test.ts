import { expect, it } from 'vitest';
import { reasonText } from './reason-text.ts';

it('a reason keeps the name of its model and every number', () => {
  expect(reasonText('Chest radiograph: made for modality CR or DX, not OT')).toBe('Chest radiograph: made for CR or DX, and this is OT');
  expect(reasonText('Lung CT: needs at least 20 slices; the series has 3')).toBe('Lung CT: needs at least 20 slices; the series has 3');
  expect(reasonText('X: the picture does not look like a chest (probability 0.100, needed 0.5)')).toContain('0.100');
});

it('what no sentence is known for stays as it came', () => {
  expect(reasonText('Some model: a sentence of a later version')).toBe('Some model: a sentence of a later version');
});
