import { checkMedications } from '../src/clinical/drug-safety/check.ts';
import { compileKnowledge } from '../src/clinical/drug-safety/compile.ts';
import { readKnowledgeTables } from '../src/clinical/drug-safety/read-tables.ts';
import { bundledDrugTables } from '../test/knowledge.ts';
import type { BenchRow } from './row.ts';
import { median, percentile } from './statistics.ts';

const WARM_UP = 50;
const CHECKS = 500;
/** As a list of an old patient is written. */
const TWENTY = [
  'warfarin 5 mg daily',
  'simvastatin 40 mg nocte',
  'clarithromycin 500 mg bid',
  'metformin 1000 mg b.i.d.',
  'Bisoprolol 5 mg 1-0-0',
  'ramipril 5 mg daily',
  'spironolactone 25 mg daily',
  'furosemide 40 mg mane',
  'digoxin 125 mcg po od',
  'amiodarone 200 mg daily',
  'omeprazole 20 mg daily',
  'paracetamol 1 g q6h prn',
  'tramadol 50 mg tid',
  'sertraline 50 mg daily',
  'levothyroxine 75 mcg daily',
  'allopurinol 300 mg daily',
  'prednisolone 5 mg daily',
  'ibuprofen 400 mg prn',
  'insulin glargine 20 units at bedtime',
  'alendronic acid 70 mg once weekly',
];
const REQUEST = {
  medications: TWENTY,
  allergies: ['penicillin', 'iodinated contrast'],
  conditions: ['heart failure', 'chronic kidney disease', 'asthma'],
  patient: { age_years: 78, sex: 'female', weight_kg: 62, creatinine_mg_dl: 1.6, potassium: 5.1 },
  exam: { contrast: 'iodinated', route: 'intravenous' },
} as const;

/** One check of twenty medications in free text, with allergies, conditions, kidney function and a planned contrast examination. */
export async function benchDrugSafety(): Promise<BenchRow[]> {
  const { files, manifest } = bundledDrugTables();
  const knowledge = compileKnowledge([readKnowledgeTables(files, manifest)]);
  const request = {
    ...REQUEST,
    medications: [...REQUEST.medications],
    allergies: [...REQUEST.allergies],
    conditions: [...REQUEST.conditions],
  };
  const times: number[] = [];
  let alerts = 0;
  for (let round = 0; round < WARM_UP + CHECKS; round += 1) {
    const start = performance.now();
    alerts = checkMedications(knowledge, request).alerts.length;
    if (round >= WARM_UP) times.push(performance.now() - start);
  }
  const note = `${TWENTY.length} lines of free text, ${knowledge.drugs.size} drugs in the base, ${alerts} alerts, ${CHECKS} checks`;
  return [
    { name: 'drug safety check of 20 drugs, median', value: median(times), unit: 'ms', target: '< 5', note },
    { name: 'drug safety check of 20 drugs, p99', value: percentile(times, 0.99), unit: 'ms', note },
  ];
}
