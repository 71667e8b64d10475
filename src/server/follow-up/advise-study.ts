import { adviseFollowUps } from '../../clinical/follow-up/advise.ts';
import { riskFactsOf } from '../../clinical/follow-up/risk-facts.ts';
import { momentOf } from '../../clinical/history/moment.ts';
import type { Finding } from '../../contract/findings.ts';
import type { FollowUpAdvice } from '../../contract/follow-up.ts';
import type { Locale } from '../../contract/reports.ts';
import { describeFollowUp } from '../../reporting/follow-up-wording.ts';
import { findPatientOfStudy } from '../clinical/patient-queries.ts';
import { listFindings } from '../findings/queries.ts';
import { listRecordEntries } from '../patients/record-queries.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { findAdvisedStudy } from './queries.ts';

/**
 * What guidelines ask for after the accepted findings of a study, with what the patient's record shows of the risk.
 *
 * @throws {AppError} `study-not-found`
 */
export async function adviseStudy(db: Db | Tx, studyInstanceUid: string, given?: readonly Finding[]): Promise<FollowUpAdvice[]> {
  const study = await findAdvisedStudy(db, studyInstanceUid);
  const patientKey = study && (await findPatientOfStudy(db, studyInstanceUid));
  if (!study || patientKey === undefined) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
  const findings = given ?? (await listFindings(db, studyInstanceUid));
  const entries = await listRecordEntries(db, patientKey);
  const day = momentOf(study.study_date) ?? momentOf(study.created_at);
  const facts = riskFactsOf(entries, { birthDate: study.birth_date, at: new Date(day?.from ?? study.created_at) });
  return adviseFollowUps({ findings, facts, studyDate: study.study_date ?? study.created_at.slice(0, 10), modalities: study.modalities });
}

/** The recommendation section of a draft; undefined where no guideline asks for anything. */
export async function recommendationText(
  db: Db | Tx,
  studyInstanceUid: string,
  { findings, locale }: { findings: readonly Finding[]; locale: Locale },
): Promise<string | undefined> {
  const advice = await adviseStudy(db, studyInstanceUid, findings);
  return advice.length === 0 ? undefined : advice.map((one) => describeFollowUp(one, locale)).join('\n');
}
