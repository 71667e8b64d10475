import type { Finding } from '../contract/findings.ts';
import type { CheckRule } from '../contract/report-checks.ts';
import type { Locale, ReportSections, Statement } from '../contract/reports.ts';
import type { Place, Side } from './check-text.ts';

/** What a report is checked against. */
export type CheckInput = {
  locale: Locale;
  sections: ReportSections;
  statements: readonly Statement[];
  /** Every finding of the study, whatever was decided on it. */
  findings: readonly Finding[];
  /** DICOM Patient's Sex. */
  patientSex: string | null;
  /** The side that was examined, where the study says one. */
  studySide: Side | null;
  /** Earlier studies of the patient that are known here. */
  priors: number;
  /** Critical results of the study that nobody was told of yet. */
  untoldCriticalResults: number;
};

/** What an issue says besides its rule; the rule's own severity and citation are added. */
export type Raised = { rule: CheckRule; place?: Place | undefined; finding_ids?: readonly string[] };
