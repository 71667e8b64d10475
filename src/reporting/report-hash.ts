import { createHash } from 'node:crypto';
import type { Finding } from '../contract/findings.ts';
import type { Report } from '../contract/reports.ts';
import { canonicalJson } from './canonical-json.ts';

/** Everything that a signature covers. Times are ISO 8601 in UTC. */
export type SignedReport = Pick<Report, 'id' | 'study_instance_uid' | 'version' | 'locale' | 'sections' | 'disclaimer' | 'amends'> & {
  amendment_reason: string | null;
  /** Every finding of the study with the decision on it, rejected ones included. */
  findings: readonly Pick<Finding, 'id' | 'status'>[];
  signed_by: string;
  signed_at: string;
  signature_meaning: string;
};

/** Names the fields and their order of meaning, so that a later form can never be mistaken for this one. */
const FORM = 'isocenter-signed-report/1';

/**
 * The text that is signed: canonical JSON (RFC 8785), equal for equal content whatever order the findings came in.
 *
 * @throws {CanonicalJsonError} for text that has no UTF-8 form
 */
export function signedContent(report: SignedReport): string {
  const { clinical_information, technique, comparison, findings, impression, recommendation } = report.sections;
  return canonicalJson({
    form: FORM,
    report_id: report.id,
    study_instance_uid: report.study_instance_uid,
    version: report.version,
    amends: report.amends,
    amendment_reason: report.amendment_reason,
    locale: report.locale,
    sections: { clinical_information, technique, comparison, findings, impression, recommendation },
    findings: report.findings.map(({ id, status }) => ({ id, decision: status })).sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id))),
    disclaimer: report.disclaimer,
    signed_by: report.signed_by,
    signed_at: report.signed_at,
    signature_meaning: report.signature_meaning,
  });
}

/** What the signature of an addendum covers. */
export type SignedAddendum = {
  id: string;
  report_id: string;
  /** Of the signed content of the report that it adds to. */
  report_sha256: string;
  number: number;
  text: string;
  signed_by: string;
  signed_at: string;
  signature_meaning: string;
};

const ADDENDUM_FORM = 'isocenter-signed-addendum/1';

/**
 * The text that is signed of an addendum: canonical JSON (RFC 8785).
 *
 * @throws {CanonicalJsonError} for text that has no UTF-8 form
 */
export function signedAddendum(addendum: SignedAddendum): string {
  const { id, report_id, report_sha256, number, text, signed_by, signed_at, signature_meaning } = addendum;
  const signature = { signed_by, signed_at, signature_meaning };
  return canonicalJson({ form: ADDENDUM_FORM, addendum_id: id, report_id, report_sha256, number, text, ...signature });
}

/** SHA-256 of the UTF-8 bytes of `text`, 64 hexadecimal digits. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
