import { termsOfEntry } from '../src/server/patients/record-terms.ts';
import { componentForms, searchFormOf } from '../src/server/studies/patient-name.ts';
import { termsOfPatient } from '../src/server/studies/patient-terms.ts';
import { owned, type Sink } from './archive-fill.ts';
import { patientOf } from './archive-rows.ts';
import type { Growing } from './asking.ts';

/** Patients that are written at a time. */
const BATCH = 2_000;
const AT = '2026-01-01T00:00:00.000Z';
const RISKS = ['low', 'medium', 'high', null];
/** Conditions, the first the most frequent: of every fourth patient, every eighth, and so on. */
export const CONDITIONS = [
  'Hypertension',
  'Type 2 diabetes mellitus',
  'Asthma',
  'Chronic kidney disease',
  'Atrial fibrillation',
  'Gout',
  'Sarcoidosis',
];

/** Every tenth patient is written in Arabic letters; of these there are 20 family names and 20 given names. */
const ARABIC_EVERY = 10;
export const ARABIC_FAMILIES =
  'الحداد النجار الخطيب المصري الشامي العلي الحسن الأحمد الزهراني القحطاني الفاسي بنعيسى الهاشمي الرفاعي السيد الأنصاري التميمي العمري الدوسري الغامدي'.split(
    ' ',
  );
export const ARABIC_GIVEN = 'فاطمة محمد أحمد عائشة خديجة يوسف إبراهيم مريم زينب عمر علي حسن ليلى سارة خالد نورة هدى سلمى طارق آمنة'.split(
  ' ',
);

/** Patients with their names, numbers and conditions, as the server would have written them. */
export function growingPatients(sink: Sink): Growing {
  let held = 0;
  return {
    growTo: async (size) => {
      for (; held < size; held += BATCH) await fill(sink, held, Math.min(size, held + BATCH));
      held = size;
      await sink.settle();
      return size;
    },
    close: sink.close,
  };
}

/** The patient of a number, as it would have been written by the server. */
function rowOf(number: number): ReturnType<typeof patientOf>['row'] {
  const { row } = patientOf(number);
  if (number % ARABIC_EVERY !== ARABIC_EVERY - 1) return row;
  const turn = Math.floor(number / ARABIC_EVERY);
  const family = ARABIC_FAMILIES[(turn * 13 + Math.floor(turn / 20)) % ARABIC_FAMILIES.length] ?? '';
  const name = { Alphabetic: `${family}^${ARABIC_GIVEN[turn % ARABIC_GIVEN.length]}` };
  return { ...row, name: name.Alphabetic, name_search: searchFormOf(name), name_alphabetic: componentForms(name).alphabetic };
}

async function fill(sink: Sink, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  const patients = numbers.map((number) => ({ number, id: patientOf(number).id, row: rowOf(number) }));
  const entries = patients.flatMap(({ number, row }) => {
    const index = CONDITIONS.findIndex((_, place) => number % 2 ** (place + 1) === 0 && number % 2 ** (place + 2) !== 0);
    const text = CONDITIONS[index];
    if (text === undefined) return [];
    const unsaid = { started_at: null, ended_at: null, value: null, unit: null, value_text: null, source_id: null };
    const said = { kind: 'condition', codes: '[]', text, status: 'active', details: '{}', source: 'person', recorded_at: AT } as const;
    return [{ id: `${row['id']}-1`, patient_key: String(row['id']), ...said, ...unsaid }];
  });
  await sink.insert(
    'patient',
    owned(
      patients.map(({ number, row }) => {
        const created_at = new Date(Date.parse(AT) + number * 1_000).toISOString();
        return { ...row, risk_level: RISKS[number % RISKS.length] ?? null, created_at, updated_at: created_at };
      }),
    ),
  );
  const words = patients.flatMap(({ id, row }) =>
    termsOfPatient(String(row['name']), [id]).map((term) => ({ term, patient_key: String(row['id']) })),
  );
  await sink.insert('patient_term', owned(words));
  if (entries.length === 0) return;
  await sink.insert('record_entry', owned(entries));
  const facts = entries.flatMap(({ id, patient_key, kind, status, text }) =>
    termsOfEntry({ kind, status, codes: [], text }).map((term) => ({ term, patient_key, entry_id: id })),
  );
  await sink.insert('record_term', owned(facts));
}
