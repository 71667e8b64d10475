import { listRecordEntries } from '../patients/record-queries.ts';
import type { Db } from '../platform/ports.ts';
import type { Agent } from './agent.ts';
import { listOtherStudies } from './patient-queries.ts';
import { relevantHistory } from './relevant-history.ts';

const PRIORS = 20;

/** What the patient's record and earlier studies say. */
export function historyAgent({ db, now }: { db: Db; now: () => Date }): Agent<'history'> {
  return async ({ patient_key: patientKey, studies }) => {
    const entries = await listRecordEntries(db, patientKey);
    const besides = studies.map(({ study_instance_uid }) => study_instance_uid);
    const priors = await listOtherStudies(db, { patientKey, besides, limit: PRIORS });
    const report = { ...relevantHistory(entries, now()), priors };
    if (entries.length > 0 || priors.length > 0) return { outcome: 'evaluated', reason: null, report };
    return { outcome: 'not_evaluable', reason: 'The patient has no structured record and no other studies', report };
  };
}
