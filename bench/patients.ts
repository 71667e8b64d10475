import { openPostgresSink, openSqliteSink } from './archive-fill.ts';
import { patientOf } from './archive-rows.ts';
import { benchAsking, type Growing, type Question } from './asking.ts';
import { ARABIC_FAMILIES, ARABIC_GIVEN, CONDITIONS, growingPatients } from './patient-rows.ts';
import type { BenchRow } from './row.ts';

const SIZES = (process.env['ISOCENTER_BENCH_PATIENTS'] ?? '1000,100000,1000000').split(',').map(Number);
const person = (number: number, held: number) => patientOf((number * 7_919) % held);
const frequent = 'Smith Miller Garcia Nguyen Kowalski Rossi Schmidt Okafor Haddad Tanaka'.split(' ');
const url = (query: Record<string, string>): string => `/api/v1/patients?${new URLSearchParams(query)}`;

const QUESTIONS: Question[] = [
  { name: 'list, first page by name', path: () => url({ limit: '50' }) },
  { name: 'list, newest first', path: () => url({ limit: '50', sort: '-created_at' }) },
  { name: 'list, high risk by name', path: () => url({ limit: '50', risk_level: 'high' }) },
  {
    name: 'list, women born in a year',
    path: (number) => url({ gender: 'female', born_from: `19${10 + (number % 90)}-01-01`, born_to: `19${10 + (number % 90)}-12-31` }),
  },
  { name: 'completion, one letter', path: (number, held) => url({ limit: '10', q: person(number, held).family.slice(0, 1) }) },
  { name: 'completion, three letters', path: (number, held) => url({ limit: '10', q: person(number, held).family.slice(0, 3) }) },
  {
    name: 'completion, given name and beginning of the family name',
    path: (number, held) => {
      const { family, given } = person(number, held);
      return url({ limit: '10', q: `${given} ${family.slice(0, 3)}` });
    },
  },
  {
    name: 'completion, beginning of a name with an accent',
    path: (number) => url({ limit: '10', q: ['Mül', 'mull', 'MÜLLE', 'muller', 'Müller an'][number % 5] ?? '' }),
  },
  {
    name: 'completion, Arabic article and two letters',
    path: (number) => url({ limit: '10', q: ARABIC_FAMILIES[number % ARABIC_FAMILIES.length]?.slice(0, 4) ?? '' }),
  },
  {
    name: 'search, Arabic given and family name, without hamza',
    path: (number) => {
      const given = ARABIC_GIVEN[number % ARABIC_GIVEN.length]?.replace(/[أإآ]/u, 'ا') ?? '';
      return url({ q: `${given} ${ARABIC_FAMILIES[(number * 7) % ARABIC_FAMILIES.length]}` });
    },
  },
  {
    name: 'search, two frequent names that nobody has together',
    path: (number) => url({ q: `${frequent[number % 10]} ${frequent[(number + 1 + (number % 7)) % 10]}` }),
  },
  { name: 'completion, number', path: (number, held) => url({ limit: '10', q: person(number, held).id.slice(0, 7) }) },
  { name: 'search, number', path: (number, held) => url({ patient_id: person(number, held).id }) },
  { name: 'search, name that nobody has', path: (number) => url({ q: `xq${number}` }) },
  {
    name: 'search, name by date of birth',
    path: (number, held) => url({ q: person(number, held).family, sort: 'date_of_birth' }),
  },
  { name: 'search, condition by name', path: (number) => url({ condition: CONDITIONS[number % CONDITIONS.length] ?? '' }) },
];

/** How lists, search and completion of patients grow with what is held, on both databases, behind a real server. */
export async function benchPatients(): Promise<BenchRow[]> {
  const openSqlite = (path: string): Growing => growingPatients(openSqliteSink(path));
  const openPostgres = async (path: string): Promise<Growing> => growingPatients(await openPostgresSink(path));
  return benchAsking({ of: 'patients', sizes: SIZES, questions: QUESTIONS, openSqlite, openPostgres });
}
