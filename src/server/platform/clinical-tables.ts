/** Tables of what is decided about a patient beside reports, and of a tenant's own knowledge of drugs. */
export type ClinicalTables = {
  follow_up: {
    id: string;
    study_instance_uid: string;
    report_id: string | null;
    rule: string;
    version: string;
    /** As it stands in the report. */
    text: string;
    finding_ids: string;
    /** The recommendations between which something unknown decides; one where all is known. */
    options: string;
    due_from: string | null;
    due_to: string | null;
    status: 'open' | 'done' | 'dismissed';
    done_by_study: string | null;
    reason: string | null;
    closed_by: string | null;
    closed_at: string | null;
    created_at: string;
  };
  discordance: {
    id: string;
    study_instance_uid: string;
    report_id: string;
    kind: 'model-only' | 'report-only';
    observation: string;
    finding_ids: string;
    sentence: string | null;
    status: 'open' | 'resolved';
    resolution: 'report-right' | 'model-right' | 'no-contradiction' | 'superseded' | null;
    reason: string | null;
    resolved_by: string | null;
    resolved_at: string | null;
    created_at: string;
  };
  /** Tables that a hospital imported, one row a source. */
  knowledge_source: {
    source: string;
    version: string;
    licence: string;
    valid_from: string;
    valid_until: string | null;
    /** Of the files together. */
    sha256: string;
    files: string;
    report: string;
    imported_by: string;
    imported_at: string;
  };
  /** What the tenant decided about a rule; holds once a second person has approved it. */
  knowledge_override: {
    rule_id: string;
    severity: string | null;
    display: string | null;
    reason: string;
    requested_by: string;
    requested_by_name: string;
    requested_at: string;
    approved_by: string | null;
    approved_by_name: string | null;
    approved_at: string | null;
  };
  /** The last run of the canary pairs over a source. */
  knowledge_check: { source: string; version: string; passed: number; failures: string; checked_at: string };
};
