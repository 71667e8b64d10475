import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { BASIC_PROFILE, type DeidentificationOptions } from '../../contract/deidentification.ts';
import type { Attribute, DataSet, Vr } from '../data-set.ts';
import { entryOf } from '../dictionary.ts';
import { shiftDate } from './dates.ts';
import { deidentify } from './deidentify.ts';
import { type ProfileOption, type ProfileRow, profileRows } from './profile.ts';
import { type Mac, pseudonymDevice, pseudonymUid, shiftDaysOf } from './pseudonyms.ts';

const mac: Mac = (text) => new Uint8Array(createHmac('sha256', 'key of this test').update(text).digest());

/** Every column of Table E.1-1, and how it is asked for. */
const COLUMNS: readonly (readonly [ProfileOption | 'basic', Partial<DeidentificationOptions>])[] = [
  ['basic', {}],
  ['private', { retain_safe_private: true }],
  ['uids', { retain_uids: true }],
  ['device', { retain_device_identity: true }],
  ['institution', { retain_institution_identity: true }],
  ['patient', { retain_patient_characteristics: true }],
  ['full_dates', { dates: 'keep' }],
  ['modified_dates', { dates: 'modify' }],
  ['descriptors', { clean_descriptors: true }],
  ['structured', { clean_structured_content: true }],
  ['graphics', { clean_graphics: true }],
];
const SECRET = 'Quixote';
const TEXT = `chest ${SECRET} 7654321`;
const DAY = '20040119';
const UID = '1.2.3.4.5.67890';
/** Not in the table: its items are walked through. */
const KEPT_SEQUENCE = '00081115';

const values: Partial<Record<Vr, Attribute['Value']>> = {
  PN: [{ Alphabetic: `${SECRET}^Alonso` }],
  UI: [UID],
  DA: [DAY],
  DT: [`${DAY}101112`],
  TM: ['101112'],
  AE: [SECRET],
  AS: ['045Y'],
  CS: ['F'],
  DS: [70.5],
  IS: [7],
  US: [7],
  UR: [`https://example.org/${SECRET}`],
};

/** The attribute that a row speaks of, as it may stand in an object. */
function sampleOf(row: ProfileRow): { tag: string; attribute: Attribute } {
  const tag = row.tag.replaceAll('x', '0').replace('50000000', '50003000');
  const vr = entryOf(tag)?.vr ?? (row.basic === 'U' ? 'UI' : 'LO');
  if (vr === 'SQ')
    return {
      tag,
      attribute: {
        vr,
        Value: [{ '00100010': { vr: 'PN', Value: [{ Alphabetic: SECRET }] }, '0040A010': { vr: 'CS', Value: ['CONTAINS'] } }],
      },
    };
  if (['OB', 'OW', 'UN'].includes(vr)) return { tag, attribute: { vr, bytes: new TextEncoder().encode(`${SECRET}!`) } };
  return { tag, attribute: { vr, Value: values[vr] ?? [TEXT] } };
}

function objectWith(tag: string, attribute: Attribute): DataSet {
  return {
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
    [KEPT_SEQUENCE]: { vr: 'SQ', Value: [{ [tag]: attribute }] },
    // Without its data an overlay has no comments either.
    '60003000': { vr: 'OW', bytes: new Uint8Array(2) },
    [tag]: attribute,
  };
}

function run(dataSet: DataSet, options: Partial<DeidentificationOptions>) {
  return deidentify(
    { meta: {}, dataSet, transferSyntaxUid: '1.2.840.10008.1.2.1' },
    {
      options: { ...BASIC_PROFILE, ...options },
      mac,
      cleanOverlays: new Set(['6000']),
    },
  );
}

const hasContent = ({ Value, bytes }: Attribute) => (Value?.length ?? 0) > 0 || (bytes?.length ?? 0) > 0;
const says = (attribute: Attribute | undefined, secret: string) =>
  JSON.stringify(attribute?.Value ?? '').includes(secret) || new TextDecoder('latin1').decode(attribute?.bytes).includes(secret);

/** Whether the outcome is what one action letter of PS3.15 E.1.1 asks for. */
function fulfils(letter: string, before: Attribute, after: Attribute | undefined): boolean {
  if (letter === 'X') return after === undefined;
  if (after === undefined) return false;
  if (letter === 'Z') return !hasContent(after);
  if (letter === 'K') return before.vr === 'SQ' ? after.vr === 'SQ' : JSON.stringify(after) === JSON.stringify(before);
  if (letter === 'U') return before.vr === 'SQ' ? hasContent(after) : after.Value?.[0] === pseudonymUid(mac, UID);
  return hasContent(after) && !says(after, SECRET) && JSON.stringify(after) !== JSON.stringify(before);
}

/** What the clean action must make of the sample; undefined where nothing of it can be proved clean. */
function cleaned(row: ProfileRow, column: string, before: Attribute, dataSet: DataSet): unknown {
  if (column === 'modified_dates') {
    const day = shiftDate(DAY, shiftDaysOf(mac, dataSet));
    return { DA: [day], DT: [`${day}101112`], TM: ['101112'] }[before.vr as string];
  }
  if (column === 'device') return [pseudonymDevice(mac, String(before.Value?.[0]))];
  if (before.vr === 'SQ') return [{ '0040A010': { vr: 'CS', Value: ['CONTAINS'] }, '00100010': { vr: 'PN' } }];
  const isText = ['LO', 'SH', 'LT', 'ST', 'UT', 'UC'].includes(before.vr) && !row.tag.startsWith('50');
  return isText ? ['chest'] : undefined;
}

test('the table has the 621 attributes of PS3.15 Table E.1-1', () => {
  expect(profileRows()).toHaveLength(621);
  expect(new Set(profileRows().map(({ tag }) => tag)).size).toBe(621);
});

describe('each attribute of Table E.1-1 is treated as its row says, at the root and inside of a sequence', () => {
  test.each(
    profileRows()
      .filter(({ tag }) => tag !== 'private')
      .map((row) => [row.name, row] as const),
  )('%s', (_, row) => {
    const { tag, attribute } = sampleOf(row);
    const dataSet = objectWith(tag, attribute);
    for (const [column, options] of COLUMNS) {
      const { part10 } = run(dataSet, options);
      const [item = {}] = (part10.dataSet[KEPT_SEQUENCE]?.Value ?? []) as DataSet[];
      for (const [place, after] of [
        ['root', part10.dataSet[tag]],
        ['nested', item[tag]],
      ] as const) {
        const what = `${tag} ${column} ${place}`;
        const wanted = column === 'basic' ? undefined : row.options[column];
        // The one row whose cleaning is looking: an overlay that was seen to hold no text stays.
        if (row.tag === '60xx3000' && wanted === 'C') {
          expect(after, what).toEqual(attribute);
          continue;
        }
        const clean = wanted === 'C' ? cleaned(row, column, attribute, dataSet) : undefined;
        if (clean !== undefined) expect(after?.Value, what).toEqual(clean);
        else {
          const letters = (wanted === 'K' ? 'K' : row.basic).split('/').map((letter) => letter.slice(0, 1));
          expect(
            letters.some((letter) => fulfils(letter, attribute, after)),
            what,
          ).toBe(true);
          // Deeper down the type is not known: the action that conforms in every case.
          if (place === 'nested') expect(fulfils(letters.at(-1) ?? '', attribute, after), what).toBe(true);
        }
        if (wanted !== 'K') expect(says(after, SECRET), what).toBe(false);
      }
    }
  });

  test('and so is all of them together in one object', () => {
    const dataSet: DataSet = {};
    for (const row of profileRows())
      if (row.tag !== 'private') Object.assign(dataSet, objectWith(sampleOf(row).tag, sampleOf(row).attribute));
    const { part10, changes } = run(dataSet, {});
    const removed = profileRows()
      .filter(({ basic, tag }) => basic === 'X' && tag !== 'private')
      .map((row) => sampleOf(row).tag);
    expect(removed.filter((tag) => part10.dataSet[tag] !== undefined)).toEqual([]);
    expect(removed.filter((tag) => !changes.some(({ path, action }) => path === tag && action === 'X'))).toEqual([]);
  });
});

describe('combined actions follow the type that the attribute has in the object', () => {
  const outcome = (sopClassUid: string, tag: string) => {
    const { attribute } = sampleOf(profileRows().find((row) => row.tag === tag) as ProfileRow);
    const after = run({ '00080016': { vr: 'UI', Value: [sopClassUid] }, [tag]: attribute }, {}).part10.dataSet[tag];
    return after === undefined ? 'X' : hasContent(after) ? 'D' : 'Z';
  };
  const CT = '1.2.840.10008.5.1.4.1.1.2';
  const PET = '1.2.840.10008.5.1.4.1.1.128';
  const SR = '1.2.840.10008.5.1.4.1.1.88.33';
  const ENHANCED_CT = '1.2.840.10008.5.1.4.1.1.2.1';

  test.each([
    ['Series Date is optional in CT', CT, '00080021', 'X'],
    ['Series Date is required in PET', PET, '00080021', 'D'],
    ['Acquisition Date is optional in CT', CT, '00080022', 'X'],
    ['Acquisition Date may be empty in PET', PET, '00080022', 'Z'],
    ['Content Date may be empty in CT', CT, '00080023', 'Z'],
    ['Content Date is required in SR', SR, '00080023', 'D'],
    ['Device Serial Number is optional in CT', CT, '00181000', 'X'],
    ['Device Serial Number is required in enhanced CT', ENHANCED_CT, '00181000', 'D'],
    ['Referenced Performed Procedure Step Sequence may be empty in SR', SR, '00081111', 'Z'],
    ['Patient ID may be empty', CT, '00100020', 'Z'],
    ['anything may be required in a private SOP class', '1.2.3.4', '00080021', 'D'],
  ])('%s', (_, sopClassUid, tag, action) => {
    expect(outcome(sopClassUid, tag)).toBe(action);
  });
});
