import fc from 'fast-check';
import type { PersonName } from '../../src/dicom/data-set.ts';
import { secondaryCapture, uid } from '../builders.ts';

/** A stored study, as plain values that are looked through without index, SQL or regular expression. */
export type StudyFacts = {
  uid: string;
  name: PersonName | null;
  id: string;
  description: string | null;
  accession: string | null;
  date: string | null;
  time: string | null;
  physician: PersonName | null;
  station: string | null;
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
const TEXTS = ['CT Chest', 'ct chest', 'Chest 100%', 'CHEST_AP', 'CHESTxAP', 'a b', '[x]', null];
const IDS = ['P-1', 'p-1', 'P_1', 'P%1', 'AB12', 'ab12', 'aB12'];
const DATES = ['20191231', '20200101', '20200115', '20200229', '20210101', null];
const TIMES = ['00', '10', '1030', '103000', '103000.5', '103059.999999', '235959', null];
const MODALITIES = ['CT', 'MR', 'DX', 'SEG'];
const STATIONS = ['CT-ROOM-1', 'ct-room-1', 'MR_2', null];

/** So many studies, always the same. */
export function sampleStudies(count: number): StudyFacts[] {
  const draws = fc.sample(
    fc.record({
      name: fc.constantFrom(...NAMES),
      id: fc.constantFrom(...IDS),
      description: fc.constantFrom(...TEXTS),
      accession: fc.constantFrom('A1', 'A2', 'a1', null),
      date: fc.constantFrom(...DATES),
      time: fc.constantFrom(...TIMES),
      physician: fc.constantFrom(...NAMES),
      station: fc.constantFrom(...STATIONS),
      modalities: fc.uniqueArray(fc.constantFrom(...MODALITIES), { minLength: 1, maxLength: 3 }),
    }),
    { numRuns: count, seed: 7 },
  );
  return draws.map((draw, index) => ({ ...draw, uid: uid(700, index) }));
}

/** The files of a study, one for each modality in a series of its own. */
export function filesOf(facts: StudyFacts): Uint8Array[] {
  const text = (vr: 'LO' | 'SH' | 'DA' | 'TM', value: string | null) => (value === null ? { vr } : { vr, Value: [value] });
  const name = (value: PersonName | null) => (value === null ? { vr: 'PN' as const } : { vr: 'PN' as const, Value: [value] });
  return facts.modalities.map((modality, index) =>
    secondaryCapture({
      study: facts.uid,
      series: `${facts.uid}.${index + 1}`,
      instance: `${facts.uid}.${index + 1}.1`,
      patientId: facts.id,
      modality,
      rows: 2,
      columns: 2,
      more: {
        '00080020': text('DA', facts.date),
        '00080030': text('TM', facts.time),
        '00080050': text('SH', facts.accession),
        '00080090': name(facts.physician),
        '00081010': text('SH', facts.station),
        '00081030': text('LO', facts.description),
        '00100010': name(facts.name),
      },
    }),
  );
}

/** Whether a study has what all keys ask for: PS3.4 C.2.2.2 read naively. Dates and times of the same form of range are moments. */
export function hasAll(facts: StudyFacts, keys: Record<string, string | undefined>): boolean {
  const { StudyDate = '', StudyTime = '' } = keys;
  const isMoment = formOf(StudyDate) !== undefined && formOf(StudyDate) === formOf(StudyTime);
  if (isMoment && !isWithin(facts, StudyDate, StudyTime)) return false;
  return Object.entries(keys).every(([name, key]) => (isMoment && /^Study(Date|Time)$/.test(name)) || MATCHERS[name]?.(facts, key ?? ''));
}

/** Whether a search box with these words shows a study. */
export function showsInBox(facts: StudyFacts, words: string): boolean {
  const texts = [...groupsOf(facts.name).map((group) => plain(group).replaceAll('^', ' ')), facts.id, facts.accession, facts.description];
  return plain(words)
    .split(' ')
    .filter((word) => word !== '')
    .every((word) => texts.some((text) => text?.toLowerCase().includes(word)));
}

const MATCHERS: Record<string, (facts: StudyFacts, key: string) => boolean> = {
  PatientName: ({ name }, key) => matchesName(name, key),
  ReferringPhysicianName: ({ physician }, key) => matchesName(physician, key),
  PatientID: ({ id }, key) => like(id, key),
  StudyDescription: ({ description }, key) => description !== null && like(description, key),
  StationName: ({ station }, key) => station !== null && like(station, key),
  AccessionNumber: ({ accession }, key) => (key === '""' ? accession === null : accession === key),
  ModalitiesInStudy: ({ modalities }, key) => key.split(',').some((one) => modalities.some((modality) => like(modality, one))),
  StudyInstanceUID: (facts, key) => key.split(',').includes(facts.uid),
  StudyDate: ({ date }, key) => {
    const [from = '', to = from] = key.split('-');
    return date !== null && Number(date) >= Number(from || 0) && Number(date) <= Number(to || 99999999);
  },
  StudyTime: ({ time }, key) => {
    const [from = '', to = from] = key.split('-');
    return time !== null && secondsOf(time) >= secondsOf(from) && (to === '' || secondsOf(time) < endOf(to));
  },
};

function formOf(range: string): string | undefined {
  const [from, to] = range.split('-');
  return to === undefined ? undefined : `${from !== ''}${to !== ''}`;
}

/** A day and a second of it, compared one after the other: together they are more than a number holds exactly. */
function isWithin({ date, time }: StudyFacts, dates: string, times: string): boolean {
  if (date === null) return false;
  const [firstDay = '', lastDay = ''] = dates.split('-');
  const [from = '', to = ''] = times.split('-');
  const second = secondsOf(time ?? '');
  if (firstDay !== '' && (date < firstDay || (date === firstDay && second < secondsOf(from)))) return false;
  return lastDay === '' || date < lastDay || (date === lastDay && second < endOf(to));
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

function groupsOf(name: PersonName | null): string[] {
  return [name?.Alphabetic, name?.Ideographic, name?.Phonetic].filter((group) => group !== undefined);
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
const endOf = (time: string): number => secondsOf(time) + (time.length <= 2 ? 3600 : time.length <= 4 ? 60 : time.length <= 6 ? 1 : 1e-6);

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
const written = NAMES.flatMap(groupsOf);
const personName = fc.oneof(
  pattern(['doe', 'Mü', 'mul', 'an', '^', '^J', '山', 'やま', '-'], written),
  fc.constantFrom('Yamada=山田', '=山*', '==やまだ^た*', 'doe^^^dr', '^john', 'DOE^*', 'ANN_1', '*^ann_*'),
);
const KEYS: Record<string, fc.Arbitrary<string>> = {
  PatientName: personName,
  ReferringPhysicianName: personName,
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

const isNoMoreThanStars = (key: string | undefined): boolean => /^\*+$/.test(key ?? '') || key?.trim() !== key;
/** Keys of the study: one or two, because with more nearly nothing is found. */
export const studyKeys: fc.Arbitrary<Record<string, string>> = fc
  .uniqueArray(fc.constantFrom(...Object.keys(KEYS)), { minLength: 1, maxLength: 2 })
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, KEYS[name] ?? fc.constant('')]))))
  .filter((record) => !Object.values(record).some(isNoMoreThanStars));

/** A key of the series, alone or with one of its study. */
export const seriesKeys: fc.Arbitrary<Record<string, string>> = fc
  .record({ station: pattern(['CT', 'ct', '-', 'ROOM', '1', '_'], ['CT-ROOM-1', 'MR_2']), more: fc.option(studyKeys) })
  .filter(({ station }) => !isNoMoreThanStars(station))
  .map(({ station, more }) => ({ ...more, StationName: station }));

export const boxWords: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('doe', 'MÜL', 'an', 'p-1', 'B12', 'a1', 'chest', '100%', '_ap', '山田', 'zzz', "o'n"), {
    minLength: 1,
    maxLength: 2,
  })
  .map((words) => words.join(' '));
