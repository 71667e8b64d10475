import { describe, expect, it } from 'vitest';
import { entryOf, isPrivate, keywordOf, tagOf, vrOf } from './dictionary.ts';
import { Tag } from './tags.ts';

describe('the dictionary', () => {
  it('has every attribute that the product names, under the same keyword', () => {
    for (const [keyword, tag] of Object.entries(Tag)) {
      expect(tagOf(keyword), keyword).toBe(tag);
      expect(keywordOf(tag), tag).toBe(keyword);
    }
  });

  it('knows VR and multiplicity', () => {
    expect(entryOf('00100010')).toEqual({ vr: 'PN', vrs: ['PN'], vm: '1', keyword: 'PatientName' });
    expect(entryOf('00200037')?.vm).toBe('6');
  });

  it('finds repeating groups, but no private ones among them', () => {
    expect(keywordOf('60220010')).toBe('OverlayRows');
    expect(keywordOf('50FE3000')).toBe('CurveData');
    expect(keywordOf('60210010')).toBeUndefined();
    expect(tagOf('OverlayData')).toBe('60003000');
  });

  it('chooses a VR where the standard leaves a choice', () => {
    expect(vrOf('7FE00010')).toBe('OW');
    expect(vrOf('60003000')).toBe('OW');
    expect(vrOf('00280106')).toBe('US');
    expect(vrOf('00280106', { pixelRepresentation: 1 })).toBe('SS');
  });

  it('takes private creators for LO, other private and unknown attributes for UN, group lengths for UL', () => {
    expect(vrOf('00290010')).toBe('LO');
    expect(vrOf('002900FF')).toBe('LO');
    expect(vrOf('00290001')).toBe('UN');
    expect(vrOf('00291010')).toBe('UN');
    expect(vrOf('00080099')).toBe('UN');
    expect(vrOf('00290000')).toBe('UL');
    expect(isPrivate('00290010')).toBe(true);
    expect(isPrivate('00280010')).toBe(false);
  });
});
