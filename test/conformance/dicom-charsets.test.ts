import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { itemsOf, type PersonName, personNameOf } from '../../src/dicom/data-set.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { hasSamples, samplesFolder } from './dicom-files.ts';

const folder = join(samplesFolder, 'pydicom/charset_files');

/** Names of the published character set examples (dclunie, PS3.5 annexes H to J), as FileInfo.txt gives them in bytes. */
const names: [file: string, name: PersonName][] = [
  ['chrArab.dcm', { Alphabetic: 'قباني^لنزار' }],
  ['chrFren.dcm', { Alphabetic: 'Buc^Jérôme' }],
  ['chrGerm.dcm', { Alphabetic: 'Äneas^Rüdiger' }],
  ['chrGreek.dcm', { Alphabetic: 'Διονυσιος' }],
  ['chrH31.dcm', { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }],
  ['chrH32.dcm', { Alphabetic: 'ﾔﾏﾀﾞ^ﾀﾛｳ', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }],
  ['chrHbrw.dcm', { Alphabetic: 'שרון^דבורה' }],
  ['chrI2.dcm', { Alphabetic: 'Hong^Gildong', Ideographic: '洪^吉洞', Phonetic: '홍^길동' }],
  ['chrRuss.dcm', { Alphabetic: 'Люкceмбypг' }],
  ['chrX1.dcm', { Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小東' }],
  ['chrX2.dcm', { Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小东' }],
];

describe.skipIf(!hasSamples)('character set examples (needs ../shared/data)', () => {
  it.each(names)('%s has the name that it is known for', (file, name) => {
    expect(personNameOf(parsePart10(readFileSync(join(folder, file))).dataSet, Tag.PatientName)).toEqual(name);
  });

  it.each(['chrSQEncoding.dcm', 'chrSQEncoding1.dcm'])('%s has its name in an item, whoever names the character set', (file) => {
    const { dataSet } = parsePart10(readFileSync(join(folder, file)));
    const [item = {}] = itemsOf(dataSet, Tag.RequestedProcedureCodeSequence);
    expect(personNameOf(item, Tag.PatientName)).toEqual({ Alphabetic: 'ﾔﾏﾀﾞ^ﾀﾛｳ', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' });
  });
});
