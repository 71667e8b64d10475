import type { Db } from '../platform/ports.ts';
import type { Agent } from './agent.ts';
import { checkRecord } from './check-record.ts';

/** The rules on drugs, asked about the record and the planned examination. */
export function drugCheckerAgent({ db, now }: { db: Db; now: () => Date }): Agent<'drug_checker'> {
  return async ({ patient_key: patientKey, planned_exam: exam }) => {
    const { report, hasMedication } = await checkRecord({ db, now }, { patientKey, exam });
    const hasContrast = exam !== null && exam.contrast !== 'none';
    if (hasMedication || hasContrast) return { outcome: 'evaluated', reason: null, report };
    return { outcome: 'not_evaluable', reason: 'The record has no active medication, and no examination with contrast is planned', report };
  };
}
