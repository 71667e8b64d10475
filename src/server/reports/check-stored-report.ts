import type { Finding } from '../../contract/findings.ts';
import type { CheckIssue } from '../../contract/report-checks.ts';
import type { Report } from '../../contract/reports.ts';
import { textOf } from '../../dicom/data-set.ts';
import { fromDicomJson } from '../../dicom/dicom-json.ts';
import { Tag } from '../../dicom/tags.ts';
import { checkReport } from '../../reporting/check-report.ts';
import { type Side, sidesIn } from '../../reporting/check-text.ts';
import { findPatientFacts, findPatientOfStudy, listFirstObjects } from '../clinical/patient-queries.ts';
import { listFindings } from '../findings/queries.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { listPriors } from '../studies/queries.ts';
import { listCriticalOfStudy } from './critical-repository.ts';
import { findStudyDescription, getReport, reportOf } from './repository.ts';

/** Only whether there are any matters. */
const ENOUGH_PRIORS = 1;

/** What stands against signing the stored text. @throws {AppError} `report-not-found` */
export async function checkStoredReport(db: Db | Tx, id: string): Promise<{ revision: number; items: CheckIssue[] }> {
  const report = reportOf(await getReport(db, id));
  return { revision: report.revision, items: await issuesOf(db, report) };
}

/** As `checkStoredReport`, of a report that was read already; `findings` are those of the study. */
export async function issuesOf(db: Db | Tx, report: Report, findings?: readonly Finding[]): Promise<CheckIssue[]> {
  const uid = report.study_instance_uid;
  const patientKey = await findPatientOfStudy(db, uid);
  const facts = patientKey === undefined ? undefined : await findPatientFacts(db, patientKey);
  const untold = (await listCriticalOfStudy(db, uid)).filter(({ status }) => status === 'open');
  return checkReport({
    locale: report.locale,
    sections: report.sections,
    statements: report.statements,
    findings: findings ?? (await listFindings(db, uid)),
    patientSex: facts?.sex ?? null,
    studySide: await sideOfStudy(db, uid),
    priors: (await listPriors(db, uid, ENOUGH_PRIORS)).length,
    untoldCriticalResults: untold.length,
  });
}

/**
 * The side that a study is of: Image Laterality (0020,0062) or Laterality (0020,0060) of its objects, else the words of its description
 * in a language that we know. Null where they tell of none or of both.
 */
async function sideOfStudy(db: Db | Tx, studyInstanceUid: string): Promise<Side | null> {
  const codes = (await listFirstObjects(db, studyInstanceUid)).flatMap((json) => {
    const dataSet = fromDicomJson(JSON.parse(json) as object);
    return textOf(dataSet, Tag.ImageLaterality) || textOf(dataSet, Tag.Laterality) || [];
  });
  const [code, ...others] = new Set(codes);
  if (code !== undefined) return others.length > 0 ? null : code === 'R' ? 'right' : code === 'L' ? 'left' : null;
  const description = await findStudyDescription(db, studyInstanceUid);
  const sides = new Set((['en', 'de', 'fr', 'es', 'ar'] as const).flatMap((locale) => [...sidesIn(description ?? '', locale)]));
  const [side] = sides;
  return sides.size === 1 ? (side ?? null) : null;
}
