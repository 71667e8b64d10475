import { expect, it } from 'vitest';
import { correctionsOf, isWrong, typedOf } from './corrections.ts';

const EVIDENCE = { diameter_mm: 7.04, volume_mm3: 180.6, side: 'right', kind: 'solid', probability: 0.9, center_lps_mm: [1, 2, 3] };

it('offers what can be measured or seen again, and no probability', () => {
  expect(typedOf({ evidence: EVIDENCE })).toEqual({ diameter_mm: '7', volume_mm3: '180.6', side: 'right', kind: 'solid' });
});

it('sends what differs from the words of the model, also after an earlier correction', () => {
  const finding = { evidence: EVIDENCE, proposed: null };
  const typed = typedOf(finding);
  expect(correctionsOf(finding, typed)).toEqual({});
  expect(correctionsOf(finding, { ...typed, diameter_mm: '8,5', side: 'left' })).toEqual({ diameter_mm: 8.5, side: 'left' });
  const corrected = { evidence: { ...EVIDENCE, diameter_mm: 8.53 }, proposed: { title: 'Nodule', evidence: EVIDENCE } };
  expect(correctionsOf(corrected, { ...typedOf(corrected), side: 'left' })).toEqual({ diameter_mm: 8.53, side: 'left' });
  expect(correctionsOf(corrected, { ...typedOf(corrected), diameter_mm: '7' })).toEqual({});
});

it('knows what cannot be: no number, none above zero, and beyond the scale', () => {
  expect([isWrong('diameter_mm', 'a'), isWrong('diameter_mm', '0'), isWrong('mean_hu', '-2000')]).toEqual([true, true, true]);
  expect([isWrong('diameter_mm', '0,5'), isWrong('mean_hu', '-800'), isWrong('laa950_percent', '0')]).toEqual([false, false, false]);
});
