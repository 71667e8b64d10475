import type { HistoryReport } from '../../contract/agents.ts';
import { synthesizePatient } from '../clinical/patient-history.ts';
import { listRecordEntries } from '../patients/record-queries.ts';
import type { Db } from '../platform/ports.ts';
import type { Agent, AgentInput } from './agent.ts';
import { listOtherStudies } from './patient-queries.ts';
import { relevantHistory } from './relevant-history.ts';

const PRIORS = 20;

/** What the patient's record and earlier studies say, and what of it matters for the studies at hand. */
export function historyAgent({ db, now }: { db: Db; now: () => Date }): Agent<'history'> {
  return async (input) => {
    const { patient_key: patientKey, studies } = input;
    const entries = await listRecordEntries(db, patientKey);
    const besides = studies.map(({ study_instance_uid }) => study_instance_uid);
    const priors = await listOtherStudies(db, { patientKey, besides, limit: PRIORS });
    const report = { ...relevantHistory(entries, now()), priors, ...(await synthesisFor(db, input, now())) };
    if (entries.length > 0 || priors.length > 0) return { outcome: 'evaluated', reason: null, report };
    return { outcome: 'not_evaluable', reason: 'The patient has no structured record and no other studies', report };
  };
}

/** Reports are left out: who may read a diagnosis may not read every report. */
async function synthesisFor(
  db: Db,
  { patient_key: patientKey, studies, symptoms }: AgentInput,
  now: Date,
): Promise<Pick<HistoryReport, 'patterns' | 'relevant'>> {
  const question = symptoms.length > 0 ? symptoms.join(', ') : undefined;
  const views = { record: db, studies: db, reports: undefined };
  const ask = (studyInstanceUid?: string) => synthesizePatient(views, { patientKey, studyInstanceUid, question, now });
  const [first, ...others] = await Promise.all(
    studies.length === 0 ? [ask()] : studies.map(({ study_instance_uid }) => ask(study_instance_uid)),
  );
  // Each study has what matters for it; what matters for several is said once.
  const relevant = new Map(
    [first, ...others].flatMap((one) => one?.relevant ?? []).map((one) => [`${one.rule} ${JSON.stringify(one.from)}`, one]),
  );
  return { patterns: first?.patterns ?? [], relevant: [...relevant.values()] };
}
