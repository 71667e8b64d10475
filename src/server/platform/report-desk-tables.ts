import type { Generated } from 'kysely';

/** What a draft has besides its text. */
export type ReportDraftColumns = {
  /** JSON of `Statement[]`; null: none. */
  statements: string | null;
  /** JSON of the acknowledged rules. */
  acknowledged: string | null;
  revision: Generated<number>;
};

/** Tables of what a reader writes with. */
export type ReportDeskTables = {
  report_addendum: {
    id: string;
    study_instance_uid: string;
    report_id: string;
    number: number;
    status: 'draft' | 'final';
    text: string;
    /** The canonical JSON that was signed. */
    signed_content: string | null;
    content_sha256: string | null;
    signed_by: string | null;
    signed_at: string | null;
    signature_meaning: string | null;
    created_at: string;
    updated_at: string;
  };
  critical_result: {
    id: string;
    study_instance_uid: string;
    finding_id: string | null;
    category: 'minutes' | 'hours' | 'days';
    text: string;
    status: 'open' | 'told' | 'acknowledged' | 'withdrawn';
    due_at: string;
    marked_by: string;
    marked_at: string;
    told_to: string | null;
    told_by: string | null;
    told_at: string | null;
    told_how: 'in-person' | 'telephone' | 'video' | 'message' | null;
    read_back: number;
    acknowledged_by: string | null;
    acknowledged_at: string | null;
    reason: string | null;
  };
  report_template: {
    id: string;
    locale: 'en' | 'de' | 'fr' | 'es' | 'ar';
    name: string;
    modality: string | null;
    body_part: string | null;
    /** JSON of `ReportSections`. */
    sections: string;
    /** An account, or empty for the tenant. */
    owner: Generated<string>;
    /** No longer offered since. */
    retired_at: Generated<string | null>;
    updated_by: string;
    updated_at: string;
  };
  /** `owner` is an account, or empty for the tenant; an empty `locale` means every language. */
  report_macro: { id: string; owner: string; code: string; locale: string; text: string; updated_at: string };
};
