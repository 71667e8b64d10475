import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonName } from '../../src/dicom/data-set.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

/** A stored study, as plain values that the reference below looks through without index, SQL or regular expression. */
type Row = {
  uid: string;
  name: PersonName | null;
  id: string;
  description: string | null;
  accession: string | null;
  date: string | null;
  time: string | null;
  modalities: string[];
};

const NAMES: (PersonName | null)[] = [
  { Alphabetic: 'Müller^Anna' },
  { Alphabetic: 'MULLER^Hans^Peter' },
  { Alphabetic: 'Doe^John^^Dr' },
  { Alphabetic: 'Doe' },
  { Alphabetic: 'doering^J' },
  { Alphabetic: 'Doe-Smith^Jane' },
  { Alphabetic: "O'Neil^Ann_1" },
  { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
  { Alphabetic: 'Ångström^Åsa' },
  null,
];
const TEXTS = ['CT Chest', 'ct chest', 'Chest 100%', 'CHEST_AP', 'CHESTxAP', 'a\\b'.replace('\\', ' '), '[x]', null];
const IDS = ['P-1', 'p-1', 'P_1', 'P%1', 'AB12', 'ab12', 'aB12'];
const DATES = ['20191231', '20200101', '20200115', '20200229', '20210101', null];
const TIMES = ['00', '10', '1030', '103000', '103000.5', '103059.999999', '235959', null];
const MODALITIES = ['CT', 'MR', 'DX', 'SEG'];

const databases = [
  { name: 'SQLite', skip: false, runs: 400 },
  { name: 'PostgreSQL (needs PostgreSQL binaries)', skip: postgresMissing !== undefined, runs: 150 },
];

for (const { name, skip, runs } of databases)
  describe.skipIf(skip)(`QIDO-RS matching on ${name}`, () => {
    let app: TestApp;
    let postgres: PostgresServer | undefined;
    const rows: Row[] = [];

    beforeAll(async () => {
      postgres = name === 'SQLite' ? undefined : await startPostgres();
      const database = await postgres?.openDatabase({ migrated: false });
      await database?.db.destroy();
      app = await openTestApp(database ? { databaseUrl: database.url } : {});
      const draws = fc.sample(
        fc.record({
          name: fc.constantFrom(...NAMES),
          id: fc.constantFrom(...IDS),
          description: fc.constantFrom(...TEXTS),
          accession: fc.constantFrom('A1', 'A2', 'a1', null),
          date: fc.constantFrom(...DATES),
          time: fc.constantFrom(...TIMES),
          modalities: fc.uniqueArray(fc.constantFrom(...MODALITIES), { minLength: 1, maxLength: 3 }),
        }),
        { numRuns: 150, seed: 7 },
      );
      rows.push(...draws.map((draw, index) => ({ ...draw, uid: uid(700, index) })));
      const files = rows.flatMap((row) =>
        row.modalities.map((modality, index) => ({ name: 'x.dcm', bytes: fileOf(row, modality, index) })),
      );
      const response = await app.upload('/api/v1/studies', files);
      expect(response.json()).toMatchObject({ stored: files.length, refused: 0 });
    });
    afterAll(async () => {
      await app?.close();
      await postgres?.stop();
    });

    const text = (vr: 'LO' | 'SH' | 'DA' | 'TM', value: string | null) => (value === null ? { vr } : { vr, Value: [value] });

    function fileOf(row: Row, modality: string, index: number): Uint8Array {
      return secondaryCapture({
        study: row.uid,
        series: `${row.uid}.${index + 1}`,
        instance: `${row.uid}.${index + 1}.1`,
        patientId: row.id,
        modality,
        rows: 2,
        columns: 2,
        more: {
          '00080020': text('DA', row.date),
          '00080030': text('TM', row.time),
          '00080050': text('SH', row.accession),
          '00081030': text('LO', row.description),
          '00100010': row.name === null ? { vr: 'PN' } : { vr: 'PN', Value: [row.name] },
        },
      });
    }

    /** Matches `*` and `?` by trying everything. */
    function like(value: string, pattern: string): boolean {
      if (pattern === '') return value === '';
      const [first, rest] = [[...pattern][0] ?? '', [...pattern].slice(1).join('')];
      const letters = [...value];
      if (first === '*') return like(value, rest) || (letters.length > 0 && like(letters.slice(1).join(''), pattern));
      return letters.length > 0 && (first === '?' || first === letters[0]) && like(letters.slice(1).join(''), rest);
    }

    function plain(name: string): string {
      return [...name.normalize('NFKD')]
        .filter((letter) => !/\p{M}/u.test(letter))
        .join('')
        .toLowerCase();
    }

    function matchesName(name: PersonName | null, key: string): boolean {
      const groups = [name?.Alphabetic, name?.Ideographic, name?.Phonetic];
      const keys = key.split('=');
      const fits = (group: string | undefined, pattern: string): boolean => {
        const asked = plain(pattern).split('^');
        while (asked.length > 0 && ['', '*'].includes(asked.at(-1) ?? '')) asked.pop();
        if (asked.length === 0) return true;
        const written = asked.map((component) => (component === '' ? '*' : component)).join('^');
        return group !== undefined && (like(plain(group), written) || like(plain(group), `${written}^*`));
      };
      if (keys.length === 1) return fits(undefined, key) || groups.some((group) => fits(group, key));
      return keys.every((part, index) => fits(groups[index], part));
    }

    const secondsOf = (time: string): number =>
      Number(time.slice(0, 2)) * 3600 + Number(time.slice(2, 4) || 0) * 60 + Number(time.slice(4) || 0);
    /** First moment after a time of this precision. */
    const endOf = (time: string): number =>
      secondsOf(time) + (time.length <= 2 ? 3600 : time.length <= 4 ? 60 : time.length <= 6 ? 1 : 1e-6);

    const matchers: Record<string, (row: Row, key: string) => boolean> = {
      PatientName: (row, key) => matchesName(row.name, key),
      PatientID: (row, key) => like(row.id, key),
      StudyDescription: (row, key) => row.description !== null && like(row.description, key),
      AccessionNumber: (row, key) => (key === '""' ? row.accession === null : row.accession === key),
      ModalitiesInStudy: (row, key) => key.split(',').some((one) => row.modalities.some((modality) => like(modality, one))),
      StudyInstanceUID: (row, key) => key.split(',').includes(row.uid),
      StudyDate: (row, key) => {
        const [from = '', to = from] = key.split('-');
        return row.date !== null && Number(row.date) >= Number(from || 0) && Number(row.date) <= Number(to || 99999999);
      },
      StudyTime: (row, key) => {
        const [from = '', to = from] = key.split('-');
        return row.time !== null && secondsOf(row.time) >= secondsOf(from) && (to === '' || secondsOf(row.time) < endOf(to));
      },
    };

    const pattern = (letters: string[], whole: string[]) =>
      fc.oneof(
        fc.constantFrom(...whole),
        fc.array(fc.constantFrom('*', '?', ...letters), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
        fc.tuple(fc.constantFrom(...whole), fc.nat(8)).map(([word, cut]) => `${word.slice(0, cut)}*`),
      );
    const range = (values: (string | null)[]) => {
      const one = fc.constantFrom(...values.filter((value): value is string => value !== null));
      return fc.oneof(
        one,
        one.map((value) => `${value}-`),
        one.map((value) => `-${value}`),
        fc.tuple(one, one).map(([from, to]) => `${from}-${to}`),
      );
    };
    const written = NAMES.flatMap((name) => (name === null ? [] : Object.values(name).filter((group) => typeof group === 'string')));
    const keyOf: Record<string, fc.Arbitrary<string>> = {
      PatientName: fc.oneof(
        pattern(['doe', 'Mü', 'mul', 'an', '^', '^J', '山', 'やま', '-'], written),
        fc.constantFrom('Yamada=山田', '=山*', '==やまだ^た*', 'doe^^^dr', '^john', 'DOE^*', 'ANN_1', '*^ann_*'),
      ),
      PatientID: pattern(['P', 'p', '-', '_', '%', '1', 'AB', 'ab', 'B'], IDS),
      StudyDescription: fc.oneof(
        pattern(['C', 'c', 'hest', 'HEST', ' ', '_', '%', '[x]', 'AP'], ['CT Chest', 'CHEST_AP', 'Chest 100%', '[x]']),
        fc.constantFrom('*hest*', '*HEST*', '?T Chest', '?HEST?AP', '*_*', '*%', '*[x]'),
      ),
      AccessionNumber: fc.constantFrom('A1', 'a1', 'A2', '""'),
      ModalitiesInStudy: fc.constantFrom('CT', 'CT,MR', 'S*', 'D?', 'XX'),
      StudyInstanceUID: fc
        .uniqueArray(fc.nat(160), { minLength: 1, maxLength: 40 })
        .map((list) => list.map((index) => uid(700, index)).join(',')),
      StudyDate: range(DATES),
      StudyTime: range(TIMES),
    };
    // With more keys than two, nearly nothing is found.
    const keys = fc
      .uniqueArray(fc.constantFrom(...Object.keys(keyOf)), { minLength: 1, maxLength: 2 })
      .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, keyOf[name] ?? fc.constant('')]))))
      .filter((record) => Object.values(record).every((key) => !/^\*+$/.test(key) && key.trim() === key));

    it('finds exactly the studies that a naive reading of PS3.4 C.2.2.2 finds, for any combination of keys', async () => {
      let nonEmpty = 0;
      await fc.assert(
        fc.asyncProperty(keys, async (query) => {
          const response = await app.inject({ url: '/dicom-web/studies', query });
          expect(response.statusCode, response.body).toBe(200);
          const found = response.json().map((study: Record<string, { Value: string[] }>) => study['0020000D']?.Value[0]);
          const expected = rows.filter((row) => Object.entries(query).every(([name, key]) => matchers[name]?.(row, key ?? '')));
          expect(found.sort()).toEqual(expected.map((row) => row.uid).sort());
          if (found.length > 0 && found.length < rows.length) nonEmpty += 1;
        }),
        { numRuns: runs, seed: 11 },
      );
      expect(nonEmpty).toBeGreaterThan(runs * 0.4);
    }, 120_000);

    it('gives every result once, in one order, whatever the size of the pages', async () => {
      const uidsOf = async (query: Record<string, string>): Promise<string[]> =>
        (await app.inject({ url: '/dicom-web/studies', query }))
          .json()
          .map((study: Record<string, { Value: string[] }>) => study['0020000D']?.Value[0]);
      const whole = await uidsOf({ PatientID: '*1*' });
      expect(whole.length).toBeGreaterThan(50);
      for (const limit of [1, 7, 60]) {
        const paged: string[] = [];
        for (let offset = 0; offset < whole.length; offset += limit)
          paged.push(...(await uidsOf({ PatientID: '*1*', limit: String(limit), offset: String(offset) })));
        expect(paged).toEqual(whole);
      }
    });
  });
