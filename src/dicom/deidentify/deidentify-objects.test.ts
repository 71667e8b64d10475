import { describe, expect, test } from 'vitest';
import { items, deidentifiedDataSet as result, deidentified as run, text } from '../../../test/deidentified.ts';
import { type Attribute, type DataSet, itemsOf, textOf, textsOf } from '../data-set.ts';

describe('private attributes', () => {
  const diffusion: DataSet = {
    '00190010': text('LO', 'SIEMENS MR HEADER'),
    '0019100C': { vr: 'IS', Value: [1000] },
    '0019100A': { vr: 'US', Value: [7] },
    '00290010': text('LO', 'SIEMENS CSA HEADER'),
    '00291010': { vr: 'OB', bytes: new Uint8Array(8) },
  };

  test('are all removed unless the option retains the safe ones', () => {
    expect(Object.keys(result(diffusion)).filter((tag) => /^00[12]9/.test(tag))).toEqual([]);
    const safe = result(diffusion, { options: { retain_safe_private: true } });
    expect(Object.keys(safe).filter((tag) => /^00[12]9/.test(tag))).toEqual(['00190010', '0019100C']);
    expect(itemsOf(safe, '00120064').map((item) => textOf(item, '00080100'))).toContain('113111');
  });

  test('stay by their creator, not by their number', () => {
    const elsewhere: DataSet = {
      '00190011': text('LO', 'SIEMENS MR HEADER'),
      '0019110C': { vr: 'IS', Value: [1000] },
      '00190010': text('LO', 'Mustermann'),
    };
    const other: DataSet = { '00190010': text('LO', 'OTHER'), '0019100C': { vr: 'IS', Value: [1000] } };
    const options = { retain_safe_private: true };
    expect(result(elsewhere, { options })['0019110C']).toEqual({ vr: 'IS', Value: [1000] });
    expect(result(elsewhere, { options })['00190010']).toBeUndefined();
    expect(result(other, { options })['0019100C']).toBeUndefined();
  });

  test('can be added to the list, and go all the same if they say who it is', () => {
    const mine: DataSet = { '00330010': text('LO', 'ACME'), '00331001': text('LO', 'fast mode'), '00331002': text('LO', 'for Mustermann') };
    const safe_private = ['01', '02'].map((element) => ({ creator: 'ACME', group: '0033', element }));
    const after = result(mine, { options: { retain_safe_private: true, safe_private } });
    expect(textOf(after, '00331001')).toBe('fast mode');
    expect(after['00331002']).toBeUndefined();
  });
});

describe('the Clean Descriptors Option', () => {
  const clean = { options: { clean_descriptors: true } };

  test('keeps what is proved clean and drops the rest', () => {
    const after = result({ '00081030': text('LO', 'MR knee left Mustermann, Erika'), '0008103E': text('LO', 'Erika') }, clean);
    expect(textOf(after, '00081030')).toBe('MR knee left');
    expect(after['0008103E']).toBeUndefined();
  });

  test('keeps codes of standards and drops local ones', () => {
    const code = (scheme: string, meaning: string): DataSet => ({
      '00080100': text('SH', 'C34.1'),
      '00080102': text('SH', scheme),
      '00080104': text('LO', meaning),
    });
    const codes = items(code('I10', 'Malignant neoplasm'), code('99KLINIK', 'Patient of Dr. X'), code('I10', 'Erika'));
    const after = itemsOf(result({ '00081084': codes }, clean), '00081084');
    expect(after.map((item) => textOf(item, '00080104'))).toEqual(['Malignant neoplasm']);
  });
});

describe('structured reports', () => {
  const item = (code: string, more: DataSet): DataSet => ({
    '0040A010': text('CS', 'CONTAINS'),
    '0040A043': items({ '00080100': text('SH', code), '00080102': text('SH', 'DCM'), '00080104': text('LO', 'Concept') }),
    ...more,
  });
  const report: DataSet = {
    '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.88.33'),
    '0040A730': items(
      item('121029', { '0040A040': text('CS', 'PNAME'), '0040A123': { vr: 'PN', Value: [{ Alphabetic: 'Mustermann^Erika' }] } }),
      item('121071', { '0040A040': text('CS', 'TEXT'), '0040A160': { vr: 'UT', Value: ['nodule in the left upper lobe of Erika'] } }),
      item('111030', {
        '0040A040': text('CS', 'IMAGE'),
        '00081199': items({ '00081155': text('UI', '1.2.3.4.1.1'), '00081160': { vr: 'IS', Value: [3] } }),
      }),
    ),
  };

  test('lose what they say but not their structure', () => {
    const after = itemsOf(result(report), '0040A730');
    expect(after).toHaveLength(3);
    expect(textsOf(after[1] ?? {}, '0040A160')).toEqual(['ANONYMIZED']);
    expect(textOf(after[2] ?? {}, '0040A040')).toBe('IMAGE');
    const [reference = {}] = itemsOf(after[2] ?? {}, '00081199');
    expect(textOf(reference, '00081155')).toBe(textOf(result({}), '00080018'));
    expect(textOf(reference, '00081160')).toBe('3');
  });

  test('keep what is proved clean with the Clean Structured Content Option, without who the patient is', () => {
    const after = itemsOf(result(report, { options: { clean_structured_content: true } }), '0040A730');
    expect(after).toHaveLength(2);
    expect(textsOf(after[0] ?? {}, '0040A160')).toEqual(['nodule in the left upper lobe of']);
  });
});

describe('pictures', () => {
  const image: DataSet = {
    '00280010': { vr: 'US', Value: [2] },
    '00280011': { vr: 'US', Value: [2] },
    '00280100': { vr: 'US', Value: [16] },
    '00280101': { vr: 'US', Value: [12] },
    '00280102': { vr: 'US', Value: [11] },
    '00280103': { vr: 'US', Value: [0] },
  };

  test('lose their overlays, with everything that belongs to them, also those in unused bits of the pixels', () => {
    const overlay: DataSet = {
      '60000010': { vr: 'US', Value: [2] },
      '60000022': text('LO', 'Mustermann'),
      '60000102': { vr: 'US', Value: [12] },
      '7FE00010': { vr: 'OW', bytes: Uint8Array.of(0x34, 0x12, 0xff, 0xff, 0x00, 0x08, 0x01, 0xf0) },
    };
    const after = result({ ...image, ...overlay });
    expect(Object.keys(after).filter((tag) => tag.startsWith('60'))).toEqual([]);
    expect([...(after['7FE00010']?.bytes ?? [])]).toEqual([0x34, 0x02, 0xff, 0x0f, 0x00, 0x08, 0x01, 0x00]);
  });

  test('keep an overlay that was seen to hold no text, with the Clean Graphics Option', () => {
    const overlay: DataSet = {
      '60003000': { vr: 'OW', bytes: Uint8Array.of(1, 0) },
      '60020010': { vr: 'US', Value: [1] },
      '60023000': { vr: 'OW', bytes: Uint8Array.of(1, 0) },
    };
    const after = result(overlay, { options: { clean_graphics: true }, cleanOverlays: new Set(['6000']) });
    expect(Object.keys(after).filter((tag) => tag.startsWith('60'))).toEqual(['60003000']);
  });

  test('lose comments inside of JPEG and JPEG 2000 streams, and keep their offset table right', () => {
    const comment = new TextEncoder().encode('Mustermann');
    const segment = (marker: number, body: Uint8Array) => [0xff, marker, 0, body.length + 2, ...body];
    const jpeg = Uint8Array.of(0xff, 0xd8, ...segment(0xfe, comment), ...segment(0xe1, comment), 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9);
    const table = new Uint8Array(new Uint32Array([0, 8 + jpeg.length + (jpeg.length % 2)]).buffer);
    const pixels: Attribute = { vr: 'OB', fragments: [jpeg, jpeg], offsetTable: table };
    const after = run({ ...image, '7FE00010': pixels }, {}, { transferSyntaxUid: '1.2.840.10008.1.2.4.50' }).part10.dataSet['7FE00010'];
    const stripped = [0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9];
    expect(after?.fragments?.map((fragment) => [...fragment])).toEqual([stripped, stripped]);
    expect([...new Uint32Array((after?.offsetTable ?? new Uint8Array(0)).slice().buffer)]).toEqual([0, 8 + 12]);

    const codestream = Uint8Array.of(0xff, 0x4f, ...segment(0x51, new Uint8Array(4)), ...segment(0x64, comment), 0xff, 0x90, 1, 2);
    const j2k = run({ ...image, '7FE00010': { vr: 'OB', fragments: [codestream] } }, {}, { transferSyntaxUid: '1.2.840.10008.1.2.4.90' });
    expect([...(j2k.part10.dataSet['7FE00010']?.fragments?.[0] ?? [])]).toEqual([
      0xff,
      0x4f,
      ...segment(0x51, new Uint8Array(4)),
      0xff,
      0x90,
      1,
      2,
    ]);
  });
});
