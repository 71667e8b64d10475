import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deidentified, macOf, namedObject } from '../../../test/deidentified.ts';
import { BASIC_PROFILE, type DeidentificationOptions } from '../../contract/deidentification.ts';
import type { Attribute, DataSet, Vr } from '../data-set.ts';
import { entryOf, isPrivate } from '../dictionary.ts';
import { attributeRows } from '../dictionary-data.ts';
import { parsePart10 } from '../parse.ts';
import { writePart10 } from '../write.ts';
import { deidentify } from './deidentify.ts';
import { searchOutput } from './search-output.ts';

/** Pieces that name the patient of `namedObject`, an ID, a phone or a date of hers; and harmless ones between. */
const SECRETS = ['Mustermann', 'ERIKA', 'mustermannerika', 'MRN-4711', 'mrn4711', '+49 30 1234567', '19.01.2004', '1.2.3.4.1.1'];
const HARMLESS = ['chest', 'T2', 'xyzzy', '12', 'ORIGINAL', 'left', ''];
const identity: DataSet = { ...namedObject, '00102154': { vr: 'SH', Value: ['+49 30 1234567'] } };

const tags = attributeRows
  .trim()
  .split('\n')
  .map((row) => row.slice(0, 8))
  .filter((tag) => tag > '00060000' && tag < '7FE00000' && identity[tag] === undefined);
const privateTags = ['00090010', '00091001', '00191010', '00E11021', '7FE11000'];

const piece = fc.oneof(fc.constantFrom(...SECRETS), fc.constantFrom(...HARMLESS), fc.string({ unit: 'grapheme', maxLength: 8 }));
const sentence = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(' ').replaceAll('\\', '').trim());

function attributeOf(vr: Vr): fc.Arbitrary<Attribute> {
  if (vr === 'PN') return sentence.map((Alphabetic) => ({ vr, Value: [{ Alphabetic: Alphabetic.replaceAll('=', '') }] }));
  if (vr === 'UI') return fc.constantFrom('1.2.3.4.1.1', '1.2.3.4.1', '1.9.8').map((uid) => ({ vr, Value: [uid] }));
  if (vr === 'DA') return fc.constantFrom('20040119', '20040120').map((date) => ({ vr, Value: [date] }));
  if (vr === 'DT') return fc.constant({ vr, Value: ['20040119072730'] });
  if (vr === 'DS' || vr === 'IS') return fc.integer({ min: 0, max: 9999 }).map((number) => ({ vr, Value: [number] }));
  if (['AE', 'AS', 'CS', 'LO', 'LT', 'SH', 'ST', 'UC', 'UR', 'UT', 'TM'].includes(vr))
    return sentence.map((value) => ({ vr, Value: [value] }));
  if (['OB', 'OW', 'UN'].includes(vr)) return fc.uint8Array({ minLength: 2, maxLength: 8 }).map((bytes) => ({ vr, bytes }));
  return fc.constant({ vr });
}

const leaf = fc.constantFrom(...tags, ...privateTags).chain((tag) => {
  const vr = entryOf(tag)?.vr ?? 'LO';
  return attributeOf(vr === 'SQ' ? 'LO' : vr).map((attribute): DataSet => (vr === 'SQ' ? {} : { [tag]: attribute }));
});
const sequences = tags.filter((tag) => entryOf(tag)?.vr === 'SQ');
const leaves = fc.array(leaf, { maxLength: 8 }).map((all): DataSet => Object.assign({}, ...all));
const dataSets = fc.letrec<{ dataSet: DataSet }>((tie) => ({
  dataSet: fc.oneof(
    { depthSize: 'small' },
    leaves,
    fc
      .tuple(leaves, fc.constantFrom(...sequences), tie('dataSet'))
      .map(([all, tag, item]): DataSet => ({ ...all, [tag]: { vr: 'SQ', Value: [item] } })),
  ),
})).dataSet;

const options: fc.Arbitrary<DeidentificationOptions> = fc.record({
  retain_uids: fc.constant(false),
  retain_device_identity: fc.boolean(),
  retain_institution_identity: fc.boolean(),
  retain_patient_characteristics: fc.boolean(),
  dates: fc.constantFrom('remove' as const, 'modify' as const),
  clean_descriptors: fc.boolean(),
  clean_structured_content: fc.boolean(),
  clean_graphics: fc.boolean(),
  retain_safe_private: fc.boolean(),
  safe_private: fc.constant([]),
  safe_words: fc.constant([]),
  clean_pixel_data: fc.constant('never' as const),
  pixel_modalities: fc.constant([]),
  keep_safe_text: fc.constant(false),
});

const hasPrivate = (dataSet: DataSet): boolean =>
  Object.entries(dataSet).some(([tag, { vr, Value = [] }]) => isPrivate(tag) || (vr === 'SQ' && (Value as DataSet[]).some(hasPrivate)));

test('no object, whatever it holds and wherever, says who it was about after de-identification', () => {
  fc.assert(
    fc.property(dataSets, options, (more, chosen) => {
      const { part10, identifiers } = deidentify(
        { meta: {}, dataSet: { ...more, ...identity }, transferSyntaxUid: '1.2.840.10008.1.2.1' },
        { options: chosen, mac: macOf('k') },
      );
      const file = writePart10(part10);
      expect(searchOutput(file, identifiers)).toEqual([]);
      // And without the search's own reading of text: no secret stands in the bytes.
      const bytes = new TextDecoder('latin1').decode(file).toLowerCase();
      expect(SECRETS.filter((secret) => bytes.includes(secret.toLowerCase()))).toEqual([]);
      if (!chosen.retain_safe_private) expect(hasPrivate(parsePart10(file).dataSet)).toBe(false);
    }),
    { numRuns: 400 },
  );
});

test('the same object under the same key gives the same bytes, and de-identifying twice changes no more than UIDs', () => {
  fc.assert(
    fc.property(dataSets, (more) => {
      const once = deidentified(more);
      expect(writePart10(deidentified(more).part10)).toEqual(writePart10(once.part10));
      const twice = deidentify(once.part10, { options: BASIC_PROFILE, mac: macOf('k') });
      expect(Object.keys(twice.part10.dataSet)).toEqual(Object.keys(once.part10.dataSet));
    }),
    { numRuns: 100 },
  );
});
