import { describe, expect, it } from 'vitest';
import { bundledDrugTables } from '../../../test/knowledge.ts';
import { checkMedications } from './check.ts';
import { compileKnowledge } from './compile.ts';
import { linesOf } from './medication-list.ts';
import { readKnowledgeTables } from './read-tables.ts';

const { files, manifest } = bundledDrugTables();
const knowledge = compileKnowledge([readKnowledgeTables(files, manifest)]);
const read = (line: string) => checkMedications(knowledge, { medications: [line] }).medications;

describe('lines of a medication list', () => {
  it.each([
    ['apixaban 5mg twice-daily', 'apixaban', { dose_mg: 5, doses_per_day: 2 }],
    ['metformin 1000 mg b.i.d.', 'metformin', { dose_mg: 1000, doses_per_day: 2 }],
    ['2 tablets of paracetamol 500 mg every 6 hours', 'paracetamol', { dose_mg: 1000, doses_per_day: 4 }],
    ['furosemide 1/2 tab 40 mg morgens', 'furosemide', { dose_mg: 20, doses_per_day: 1 }],
    ['amoxicillin 250 mg/5 mL tid', 'amoxicillin', { dose_mg: null, doses_per_day: 3 }],
    ['ASS 100 mg 1-0-0', 'aspirin', { dose_mg: 100, doses_per_day: 1 }],
    ['L-Thyroxin 75 µg morgens', 'levothyroxine', { dose_mg: 0.075, doses_per_day: 1 }],
    ['Omeprazol 20 mg cada 24 horas', 'omeprazole', { dose_mg: 20, doses_per_day: 1, corrected: false }],
    ['ibuprofène 400 mg 3 fois par jour si besoin', 'ibuprofen', { doses_per_day: 3, as_needed: true, corrected: false }],
    ['Methotrexat 15 mg 1x wöchentlich', 'methotrexate', { dose_mg: 15, doses_per_day: 1 / 7, corrected: false }],
    ['fentanyl patch 25 mcg/h every 72 hours', 'fentanyl', { dose_mg: null, route: 'transdermal', doses_per_day: 1 / 3 }],
    ['heparin 5,000 units sc q8h', 'heparin', { dose_mg: null, route: 'subcutaneous', doses_per_day: 3 }],
  ])('%s', (line, drug, expected) => {
    expect(read(line)).toMatchObject([{ drugs: [drug], ...expected }]);
  });

  it('lists an amount that is no mass as not read', () => {
    expect(read('heparin 5,000 units sc q8h')[0]?.unread).toContain('units');
  });

  it('takes several medications in one line apart, each with its own dose', () => {
    expect(read('aspirin 81mg qd, metoprolol 25 mg bid')).toMatchObject([
      { text: 'aspirin 81mg qd', drugs: ['aspirin'], dose_mg: 81, doses_per_day: 1 },
      { text: 'metoprolol 25 mg bid', drugs: ['metoprolol'], dose_mg: 25, doses_per_day: 2 },
    ]);
  });

  it('leaves a second dose of the same drug in its line, and says that it was not read', () => {
    const lines = read('warfarin 5 mg Mon/Wed/Fri, 2.5 mg other days');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.unread).toEqual(expect.arrayContaining(['mon', 'wed', 'fri']));
  });

  it.each(['no aspirin', 'stopped: aspirin', 'aspirin 100 mg (discontinued)', 'Aspirin abgesetzt'])(
    'does not take "%s" for taken',
    (line) => {
      const result = checkMedications(knowledge, { medications: [line, 'warfarin 5 mg daily'] });
      expect(result.medications[0]).toMatchObject({ drugs: ['aspirin'], not_taken: true });
      expect(result.alerts).toEqual([]);
      expect(result.not_checked).toContainEqual({ text: line, reason: 'The line says that it is not taken' });
    },
  );

  it.each(['aspirin 100 mg, hold if bleeding', 'No. 1 aspirin 100 mg', 'nonstop aspirin'])('takes "%s" for taken', (line) => {
    expect(read(line)[0]).toMatchObject({ drugs: ['aspirin'], not_taken: false });
  });

  it('reads a whole list with headings, numbers and bullets', () => {
    const list = 'Medications:\n1. Warfarin 5 mg daily\n- Bactrim bid\n\n• Metformin 500 mg bid; L-Thyroxin 75 µg';
    expect(linesOf(list)).toEqual(['Warfarin 5 mg daily', 'Bactrim bid', 'Metformin 500 mg bid', 'L-Thyroxin 75 µg']);
    const { alerts, medications } = checkMedications(knowledge, { medications: [], medication_list: list });
    expect(medications).toHaveLength(4);
    expect(alerts.map(({ rule_id }) => rule_id)).toContain('pr-warfarin-sulfamethoxazole');
  });
});
