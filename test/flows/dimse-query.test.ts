import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondaryCapture, uid } from '../builders.ts';
import { hasDcmtk, openTestNode, type TestNode } from '../dicom-node.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

/** Studies of three patients; the second has two series. */
const STUDIES = [
  { study: uid(40, 1), patientId: 'Q-1', patientName: 'Müller^Anna', date: '20240105', time: '101500', accession: 'ACC-1', modality: 'CT' },
  {
    study: uid(40, 2),
    patientId: 'Q-2',
    patientName: 'Miller^John^Q',
    date: '20240220',
    time: '235900',
    accession: 'ACC-2',
    modality: 'MR',
  },
  { study: uid(40, 3), patientId: 'Q-3', patientName: '山田^太郎', date: '20231231', time: '080000', accession: 'OTHER', modality: 'DX' },
] as const;

let node: TestNode;

async function fill(): Promise<void> {
  for (const { study, patientId, patientName, date, time, accession, modality } of STUDIES) {
    const more = {
      '00080020': { vr: 'DA' as const, Value: [date] },
      '00080030': { vr: 'TM' as const, Value: [time] },
      '00080050': { vr: 'SH' as const, Value: [accession] },
      '00081010': { vr: 'SH' as const, Value: [`STATION-${modality}`] },
    };
    const seriesCount = modality === 'MR' ? 2 : 1;
    for (let series = 1; series <= seriesCount; series += 1) {
      const names = { study, series: `${study}.${series}`, instance: `${study}.${series}.1`, patientId, patientName };
      const kind = series === 2 ? 'SR' : modality;
      const bytes = secondaryCapture({ ...names, modality: kind, more });
      expect((await node.app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }])).statusCode).toBe(200);
    }
  }
}

/** Values of one attribute over all matches, as findscu prints them. */
async function find(model: '-P' | '-S', keys: string[], tag: string): Promise<string[]> {
  const { code, output } = await node.dcmtk('findscu', [model, ...keys.flatMap((key) => ['-k', key])]);
  expect(code, output).toBe(0);
  const [group, element] = [tag.slice(0, 4).toLowerCase(), tag.slice(4).toLowerCase()];
  // UIDs are padded with zero bytes, which findscu prints.
  const values = [
    ...output
      .replaceAll('\0', '')
      .matchAll(new RegExp(`\\(${group},${element}\\) \\S+ (?:\\[(.*?)\\s*\\]|\\((no value) available\\))`, 'g')),
  ];
  return values.map(([, value, none]) => (none ? '' : (value ?? ''))).sort();
}

const accessionsOf = (keys: string[]): Promise<string[]> =>
  find('-S', ['QueryRetrieveLevel=STUDY', 'AccessionNumber', ...keys], '00080050');

const DATABASES = [
  { database: 'SQLite', missing: undefined },
  { database: 'PostgreSQL', missing: postgresMissing },
];

describe.each(DATABASES)('C-FIND on $database (needs dcmtk)', { skip: !hasDcmtk }, ({ database, missing }) => {
  let postgres: PostgresServer | undefined;
  beforeAll(async () => {
    if (missing) return;
    postgres = database === 'PostgreSQL' ? await startPostgres() : undefined;
    node = await openTestNode(postgres ? { databaseUrl: (await postgres.openDatabase({ migrated: false })).url } : {});
    await fill();
  });
  afterAll(async () => {
    await node?.close();
    await postgres?.stop();
  });
  beforeEach((context) => context.skip(missing !== undefined, missing));

  it.each([
    ['nothing', [], ['ACC-1', 'ACC-2', 'OTHER']],
    ['a single value', ['AccessionNumber=ACC-2'], ['ACC-2']],
    ['a single value in another case, which is another value', ['AccessionNumber=acc-2'], []],
    ['a wildcard', ['AccessionNumber=ACC*'], ['ACC-1', 'ACC-2']],
    ['a wildcard for one character', ['AccessionNumber=ACC-?'], ['ACC-1', 'ACC-2']],
    ['a name without case', ['PatientName=MILLER^JOHN*'], ['ACC-2']],
    ['a name without diacritics', ['PatientName=mul*'], ['ACC-1']],
    ['a name with a wildcard in front', ['PatientName=*^anna'], ['ACC-1']],
    ['a family name alone', ['PatientName=miller'], ['ACC-2']],
    ['a list of UIDs', [`StudyInstanceUID=${uid(40, 1)}\\${uid(40, 3)}`], ['ACC-1', 'OTHER']],
    ['a range of dates', ['StudyDate=20240101-20240131'], ['ACC-1']],
    ['an open range of dates', ['StudyDate=-20240105'], ['ACC-1', 'OTHER']],
    ['a range of times', ['StudyTime=10-235959'], ['ACC-1', 'ACC-2']],
    ['a time of less precision', ['StudyTime=1015'], ['ACC-1']],
    ['modalities in the study, several of them', ['ModalitiesInStudy=SR\\DX'], ['ACC-2', 'OTHER']],
    ['a patient ID', ['PatientID=Q-3'], ['OTHER']],
    ['two keys at once', ['PatientName=m*', 'StudyDate=20240220'], ['ACC-2']],
    ['a name with hostile wildcards', [`PatientName=${'*a'.repeat(30)}*`], []],
    ['words of SQL', ["AccessionNumber=' or 1=1 --"], []],
  ])('finds studies by %s', async (_, keys, expected) => {
    expect(await accessionsOf(keys.length > 0 && keys[0]?.startsWith('AccessionNumber') ? keys : ['AccessionNumber', ...keys])).toEqual(
      expected,
    );
  });

  it('returns counts, modalities and the retrieve title, and empty what it does not have', async () => {
    const keys = ['QueryRetrieveLevel=STUDY', `StudyInstanceUID=${uid(40, 2)}`, 'ModalitiesInStudy', 'PatientComments'];
    const counts = [...keys, 'NumberOfStudyRelatedSeries', 'NumberOfStudyRelatedInstances'];
    expect(await find('-S', counts, '00080061')).toEqual(['MR\\SR']);
    expect(await find('-S', counts, '00201206')).toEqual(['2']);
    expect(await find('-S', counts, '00201208')).toEqual(['2']);
    expect(await find('-S', counts, '00104000')).toEqual(['']);
    expect(await find('-S', counts, '00080054')).toEqual(['ISOCENTER']);
  });

  it('finds patients, with what is related to them, in the patient root', async () => {
    const keys = ['QueryRetrieveLevel=PATIENT', 'PatientName', 'PatientID=Q-*', 'NumberOfPatientRelatedSeries'];
    expect(await find('-P', keys, '00100020')).toEqual(['Q-1', 'Q-2', 'Q-3']);
    expect(await find('-P', keys, '00201202')).toEqual(['1', '1', '2']);
  });

  it('finds series by an attribute that only the objects have', async () => {
    const keys = ['QueryRetrieveLevel=SERIES', `StudyInstanceUID=${uid(40, 2)}`, 'SeriesInstanceUID', 'Modality'];
    expect(await find('-S', [...keys, 'StationName=STATION-M?'], '00080060')).toEqual(['MR', 'SR']);
    expect(await find('-S', [...keys, 'StationName=NONE'], '00080060')).toEqual([]);
    expect(await find('-S', [...keys.slice(0, 3), 'Modality=SR'], '00080060')).toEqual(['SR']);
  });

  it('finds instances with any of their attributes', async () => {
    const keys = ['QueryRetrieveLevel=IMAGE', `SeriesInstanceUID=${uid(40, 1)}.1`, 'SOPInstanceUID', 'Rows', 'PhotometricInterpretation'];
    expect(await find('-S', keys, '00080018')).toEqual([`${uid(40, 1)}.1.1`]);
    expect(await find('-S', keys, '00280004')).toEqual(['MONOCHROME2']);
    expect(await find('-S', [...keys.slice(0, 3), 'Rows=9999'], '00080018')).toEqual([]);
  });

  it('finds every instance of a long series, each once', async () => {
    const [study, series] = [uid(41), uid(41, 1)];
    const numbers = Array.from({ length: 405 }, (_, index) => index);
    const files = numbers.map((number) => ({
      name: `${number}.dcm`,
      bytes: secondaryCapture({ study, series, instance: uid(41, 1, number), patientId: 'LONG', patientName: 'Zzz', rows: 2, columns: 2 }),
    }));
    expect((await node.app.upload('/api/v1/studies', files)).json()).toMatchObject({ stored: 405 });
    const found = await find('-S', ['QueryRetrieveLevel=IMAGE', `SeriesInstanceUID=${series}`, 'SOPInstanceUID'], '00080018');
    expect(found).toEqual(numbers.map((number) => uid(41, 1, number)).sort());
  });

  it.each([
    ['a level that the root does not have', ['QueryRetrieveLevel=PATIENT', 'PatientID']],
    ['no level', ['PatientID']],
  ])('answers %s with a status that says so', async (_, keys) => {
    const { output } = await node.dcmtk('findscu', ['-v', '-S', ...keys.flatMap((key) => ['-k', key])]);
    expect(output).toMatch(/DataSetDoesNotMatchSOPClass/);
  });

  it('ends a query that is cancelled', async () => {
    const { output } = await node.dcmtk('findscu', ['-v', '-S', '--cancel', '1', '-k', 'QueryRetrieveLevel=STUDY', '-k', 'PatientID']);
    expect(output).toMatch(/Sending Cancel Request/);
    expect(output).toMatch(/Final Find Response \((Success|Cancel)/);
  });
});
