import { checkMedications } from '../../clinical/drug-safety/check.ts';
import type { DrugCheckReport } from '../../contract/agents.ts';
import type { DrugSafetyRequest } from '../../contract/drug-safety.ts';
import { knowledgeOf } from '../clinical/drug-knowledge.ts';
import { findPatientFacts } from '../clinical/patient-queries.ts';
import { listRecordEntries } from '../patients/record-queries.ts';
import type { Db } from '../platform/ports.ts';
import { drugSafetyCase } from './drug-safety-case.ts';

type Question = { patientKey: string; exam: DrugSafetyRequest['exam'] | null; policy?: DrugSafetyRequest['policy'] | undefined };
export type CheckedRecord = {
  report: DrugCheckReport;
  /** Whether the record has anything to ask about: without, silence says nothing. */
  hasMedication: boolean;
  /** Whether there is such a patient. */
  isKnown: boolean;
};

/** The rules on drugs, asked about the record of a patient and a planned examination. */
export async function checkRecord(
  { db, now }: { db: Db; now: () => Date },
  { patientKey, exam, policy }: Question,
): Promise<CheckedRecord> {
  const [entries, patient] = await Promise.all([listRecordEntries(db, patientKey), findPatientFacts(db, patientKey)]);
  const tables = await knowledgeOf(db, now());
  const { request, facts } = drugSafetyCase(tables, { entries, patient: patient ?? { birth_date: null, sex: null }, exam, now: now() });
  const result = checkMedications(tables, policy ? { ...request, policy } : request);
  return { report: { result, facts }, hasMedication: request.medications.length > 0, isKnown: patient !== undefined };
}
