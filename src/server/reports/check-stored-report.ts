import type { Finding } from '../../contract/findings.ts';
import type { CheckIssue, Insertion } from '../../contract/report-checks.ts';
import type { Report } from '../../contract/reports.ts';
import { textOf } from '../../dicom/data-set.ts';
import { fromDicomJson } from '../../dicom/dicom-json.ts';
import { Tag } from '../../dicom/tags.ts';
import { checkReport } from '../../reporting/check-report.ts';
import { type Side, sidesIn } from '../../reporting/check-text.ts';
import { describeTold } from '../../reporting/critical-wording.ts';
import { stateOf } from '../../reporting/statements.ts';
import { describeFinding, describeMeasurement } from '../../reporting/wording.ts';
import { listAnalyses } from '../analysis/queries.ts';
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

/** What can be put into a report, worded in its language. @throws {AppError} `report-not-found` */
export async function listInsertions(db: Db, id: string): Promise<Insertion[]> {
  const { study_instance_uid, locale } = await getReport(db, id);
  const findings = (await listFindings(db, study_instance_uid)).filter(({ status }) => status === 'accepted' || status === 'edited');
  const analyses = (await listAnalyses(db, study_instance_uid)).filter(({ status }) => status === 'succeeded');
  const told = (await listCriticalOfStudy(db, study_instance_uid)).filter(({ status }) => status === 'told' || status === 'acknowledged');
  return [
    ...findings.map((finding) => ({
      kind: 'finding' as const,
      id: finding.id,
      finding_id: finding.id,
      section: 'findings' as const,
      text: describeFinding(finding, locale).finding,
      is_generated: stateOf(finding) === 'unreviewed',
    })),
    ...analyses.flatMap(({ id: analysis, measurements }) =>
      measurements.map((measurement) => ({
        kind: 'measurement' as const,
        id: `${analysis}.${measurement.name}`,
        finding_id: null,
        section: 'findings' as const,
        text: describeMeasurement(measurement, locale),
        is_generated: true,
      })),
    ),
    ...told.map((result) => ({
      kind: 'critical-result' as const,
      id: result.id,
      finding_id: result.finding_id,
      section: 'impression' as const,
      text: describeTold({ ...result, read_back: result.read_back === 1 }, locale),
      is_generated: false,
    })),
  ];
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
