import { checkMedications } from '../../clinical/drug-safety/check.ts';
import { knowledgeOf } from '../clinical/drug-knowledge.ts';
import { findPatientFacts } from '../clinical/patient-queries.ts';
import { listRecordEntries } from '../patients/record-queries.ts';
import type { Db } from '../platform/ports.ts';
import type { Agent } from './agent.ts';
import { drugSafetyCase } from './drug-safety-case.ts';

/** The rules on drugs, asked about the record and the planned examination. */
export function drugCheckerAgent({ db, now }: { db: Db; now: () => Date }): Agent<'drug_checker'> {
  return async ({ patient_key: patientKey, planned_exam: exam }) => {
    const [entries, patient] = await Promise.all([listRecordEntries(db, patientKey), findPatientFacts(db, patientKey)]);
    const tables = await knowledgeOf(db, now());
    const { request, facts } = drugSafetyCase(tables, { entries, patient: patient ?? { birth_date: null, sex: null }, exam, now: now() });
    const report = { result: checkMedications(tables, request), facts };
    const hasContrast = exam !== null && exam.contrast !== 'none';
    if (request.medications.length > 0 || hasContrast) return { outcome: 'evaluated', reason: null, report };
    return { outcome: 'not_evaluable', reason: 'The record has no active medication, and no examination with contrast is planned', report };
  };
}
