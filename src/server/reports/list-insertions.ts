import type { Insertion } from '../../contract/report-checks.ts';
import { describeTold } from '../../reporting/critical-wording.ts';
import { stateOf } from '../../reporting/statements.ts';
import { describeFinding, describeMeasurement } from '../../reporting/wording.ts';
import { listAnalyses } from '../analysis/queries.ts';
import { listFindings } from '../findings/queries.ts';
import { readPresentReport } from '../measurements/read-measurements.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import { listCriticalOfStudy } from './critical-repository.ts';
import { getReport } from './repository.ts';

/** What can be put into a report, worded in its language. @throws {AppError} `report-not-found` */
export async function listInsertions({ db, blobs }: { db: Db; blobs: BlobStore }, id: string): Promise<Insertion[]> {
  const { study_instance_uid, locale } = await getReport(db, id);
  const findings = (await listFindings(db, study_instance_uid)).filter(({ status }) => status === 'accepted' || status === 'edited');
  const analyses = (await listAnalyses(db, study_instance_uid)).filter(({ status }) => status === 'succeeded');
  const told = (await listCriticalOfStudy(db, study_instance_uid)).filter(({ status }) => status === 'told' || status === 'acknowledged');
  const measured = (await readPresentReport({ db, blobs }, study_instance_uid)).items;
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
    ...measured.flatMap(({ tracking_uid, label, values: [first] }) =>
      first === undefined
        ? []
        : {
            kind: 'measurement' as const,
            id: tracking_uid,
            finding_id: null,
            section: 'findings' as const,
            // The reader's own label says what it is.
            text: describeMeasurement({ name: '', title: label, value: first.value, unit: first.unit }, locale),
            is_generated: false,
          },
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
