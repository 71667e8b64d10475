import type { Generated } from 'kysely';
import type { ActorKind, AuditAction, AuditOutcome, Purpose } from '../../contract/audit-terms.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import type { IdentityTables, SigningKeyTable } from './identity-tables.ts';
import type { LiteratureTables } from './literature-tables.ts';

/** Tells the two views of the database apart, for the compiler alone: no object has it. */
declare const VIEW: unique symbol;

declare module 'kysely' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be merged into the class
  interface Kysely<DB> {
    /** Kysely compares only a part of its tables; this keeps one view from being passed for the other. */
    readonly [VIEW]: DB extends { [VIEW]: infer View } ? View : 'none';
  }
}

/** What one tenant sees: its own rows. The plugin of the tenant adds `tenant_id` to every statement. */
export type Tables = TenantTables & { [VIEW]: 'tenant' };

/** What the installation sees: the rows of all tenants, with `tenant_id`. For the few files that work for all of them. */
export type SystemTables = GlobalTables & { [T in keyof TenantTables]: { tenant_id: string } & TenantTables[T] } & { [VIEW]: 'system' };

/**
 * How a limited visibility cuts a tenant's table: by its `study_instance_uid`, by the patient whom its `id` or `patient_key` names, or
 * not at all, because nothing in it tells of a patient or the permission decides alone.
 */
export type VisibleBy = 'study_instance_uid' | 'id' | 'patient_key' | 'everybody';

/** Every tenant-owned table. Its primary key, unique constraints and indexes begin with `tenant_id`. */
export const TENANT_TABLES = {
  setting: 'everybody',
  app_user: 'everybody',
  session: 'everybody',
  refresh_token: 'everybody',
  login_failure: 'everybody',
  api_key: 'everybody',
  share_link: 'study_instance_uid',
  one_time_link: 'everybody',
  registration: 'everybody',
  totp_factor: 'everybody',
  recovery_code: 'everybody',
  passkey: 'everybody',
  login_challenge: 'everybody',
  identity_provider: 'everybody',
  identity_link: 'everybody',
  break_glass: 'everybody',
  patient: 'id',
  study: 'study_instance_uid',
  study_label: 'study_instance_uid',
  study_assignment: 'study_instance_uid',
  series: 'study_instance_uid',
  search_term: 'study_instance_uid',
  instance: 'study_instance_uid',
  analysis: 'study_instance_uid',
  finding: 'study_instance_uid',
  report: 'study_instance_uid',
  prediction: 'everybody',
  event: 'study_instance_uid',
  peer: 'everybody',
  audit_head: 'everybody',
  audit_entry: 'everybody',
  audit_checkpoint: 'everybody',
  audit_cursor: 'everybody',
  recycled: 'patient_key',
  recycled_row: 'everybody',
  recycled_blob: 'everybody',
  retention_hold: 'patient_key',
  erasure: 'patient_key',
  erasure_approval: 'everybody',
  pseudonym_key: 'everybody',
  deidentification: 'study_instance_uid',
  record_entry: 'patient_key',
} as const satisfies Record<keyof TenantTables, VisibleBy>;
export type TenantTable = keyof typeof TENANT_TABLES;

/** Tables that belong to the installation; no tenant's view has them. */
export type GlobalTables = {
  literature: LiteratureTables['literature'];
  literature_source: LiteratureTables['literature_source'];
  literature_text: LiteratureTables['literature_text'];
  mesh_term: LiteratureTables['mesh_term'];
  trial: LiteratureTables['trial'];
  trial_text: LiteratureTables['trial_text'];
  signing_key: SigningKeyTable;
  tenant: {
    /** Lower-case letters, digits and hyphens: it is in addresses and folder names. */
    id: string;
    name: string;
    /** By which DICOM associations reach the tenant; null for the default tenant, whose title is configured. */
    ae_title: string | null;
    is_active: number;
    created_at: string;
  };
  job: {
    id: string;
    name: string;
    /** Begins with the tenant's id where the job belongs to one. */
    key: string | null;
    /** Null for work of the whole installation. */
    tenant_id: string | null;
    payload: string;
    priority: number;
    run_at: string;
    attempts: number;
    /** How many of the attempts ended with their process: not the job's fault, so they do not count against its limit. */
    interruptions: number;
    max_attempts: number;
    started_at: string | null;
    lease_until: string | null;
    worker: string | null;
    /** waiting or running while null. */
    finished_at: string | null;
    outcome: 'done' | 'dead' | 'cancelled' | null;
    last_error: string | null;
    created_at: string;
  };
  cron: { name: string; cron: string; payload: string; next_at: string };
  /** The tenants' keys, each wrapped by the master key. Not a tenants' table: only the keyring reads it. */
  tenant_key: {
    tenant_id: string;
    id: string;
    /** `data` seals content, `name` names it. */
    purpose: 'data' | 'name';
    wrapped: string;
    master_key_id: string;
    created_at: string;
    /** When a newer key took its place; null for the key that is used. */
    replaced_at: string | null;
  };
};

/**
 * The tables of a tenant, without `tenant_id`, as both databases hold them. Instants are ISO 8601 text in UTC (they sort, and are the
 * same in both dialects); JSON columns are text, written and read with `json.ts`; booleans are 0 or 1.
 */
export type TenantTables = {
  setting: { key: string; value: string };
  app_user: {
    id: string;
    username: string;
    full_name: string;
    role: string;
    password_hash: string;
    is_active: number;
    created_at: string;
    last_login: string | null;
    /** Whether this account administers the installation and its tenants as well. */
    is_operator: number;
    /** In lower case. */
    email: Generated<string | null>;
    specialization: Generated<string | null>;
    license_number: Generated<string | null>;
    hospital: Generated<string | null>;
    phone: Generated<string | null>;
    /** The patient record that a `patient` sees. */
    patient_key: Generated<string | null>;
    password_changed_at: Generated<string | null>;
  };
  session: IdentityTables['session'];
  refresh_token: IdentityTables['refresh_token'];
  login_failure: IdentityTables['login_failure'];
  api_key: IdentityTables['api_key'];
  share_link: IdentityTables['share_link'];
  one_time_link: IdentityTables['one_time_link'];
  registration: IdentityTables['registration'];
  totp_factor: IdentityTables['totp_factor'];
  recovery_code: IdentityTables['recovery_code'];
  passkey: IdentityTables['passkey'];
  login_challenge: IdentityTables['login_challenge'];
  identity_provider: IdentityTables['identity_provider'];
  identity_link: IdentityTables['identity_link'];
  break_glass: IdentityTables['break_glass'];
  patient: {
    id: string;
    patient_id: string;
    issuer: string;
    name: string;
    /** Lower-cased, without diacritics, all component groups: what search looks in. */
    name_search: string;
    /** Each component group in lower case, without diacritics, `family^given^…`: what DICOM queries match; null if the group is empty. */
    name_alphabetic: string | null;
    name_ideographic: string | null;
    name_phonetic: string | null;
    birth_date: string | null;
    sex: string | null;
    created_at: string;
    updated_at: string;
  };
  /** The structured record: one fact a row (`contract/patient-record.ts`). */
  record_entry: {
    id: string;
    patient_key: string;
    kind: RecordEntry['kind'];
    codes: string;
    text: string;
    status: RecordEntry['status'];
    started_at: string | null;
    ended_at: string | null;
    value: number | null;
    unit: string | null;
    value_text: string | null;
    details: string;
    source: RecordEntry['source'];
    source_id: string | null;
    recorded_at: string;
  };
  study: {
    study_instance_uid: string;
    patient_key: string;
    accession_number: string | null;
    study_id: string | null;
    study_date: string | null;
    study_time: string | null;
    /** Date and time of the study, or else of its arrival, `YYYYMMDDhhmmss`: by which searches order studies. */
    study_moment: string;
    description: string | null;
    referring_physician: string | null;
    /** The modalities of its series, each once, in order, separated by commas. These and the counts are kept by `recountStudy`. */
    modalities: string;
    series_count: number;
    instance_count: number;
    is_synthetic: number;
    status: 'receiving' | 'complete';
    analysis_status: 'none' | 'queued' | 'running' | 'succeeded' | 'abstained' | 'failed';
    created_at: string;
    updated_at: string;
    /** DICOM JSON of what its first object says of patient and study: what searches match and answer without a column. */
    attributes: string;
  };
  /** Words on a study, as for routing and research. */
  study_label: { study_instance_uid: string; label: string; created_at: string };
  /** Who is to see a study, if their permission reaches only so far. */
  study_assignment: {
    study_instance_uid: string;
    user_id: string;
    created_at: string;
    /** Where it is emergency access, which ends by itself. */
    break_glass_id: Generated<string | null>;
  };
  series: {
    series_instance_uid: string;
    study_instance_uid: string;
    modality: string;
    series_number: number | null;
    description: string | null;
    body_part: string | null;
    view_position: string | null;
    /** Of its first object; others have terms of their own. */
    sop_class_uid: string;
    instance_count: number;
    created_at: string;
    /** DICOM JSON of what its first object says of the series. */
    attributes: string;
  };
  /**
   * Where searches look up studies and series by a piece of text; more rows than an index over a column has, and nothing that is not in the
   * study or series itself. `tag` names the attribute or the path to it; `series_instance_uid` is empty for what belongs to the study.
   */
  search_term: { tag: string; term: string; study_instance_uid: string; series_instance_uid: string };
  instance: {
    sop_instance_uid: string;
    series_instance_uid: string;
    study_instance_uid: string;
    sop_class_uid: string;
    transfer_syntax_uid: string;
    instance_number: number | null;
    number_of_frames: number;
    rows: number | null;
    columns: number | null;
    bits_allocated: number | null;
    window_center: number | null;
    window_width: number | null;
    /** Byte position of the value of Pixel Data in the file; null if there is none. */
    pixel_offset: number | null;
    /** Null if of undefined length (encapsulated). */
    pixel_length: number | null;
    is_derived: number;
    blob_key: string;
    blob_size: number;
    /** DICOM JSON of file meta and data set without bulk data. */
    dicom_json: string;
    created_at: string;
  };
  analysis: {
    id: string;
    /** Digest of study, input, model and parameters: the same run is kept once, however often it is asked for. */
    run_key: string;
    study_instance_uid: string;
    series_instance_uid: string | null;
    sop_instance_uid: string | null;
    model_id: string;
    model_version: string;
    model_digest: string;
    input_digest: string | null;
    parameters: string;
    status: 'queued' | 'running' | 'succeeded' | 'abstained' | 'failed' | 'cancelled';
    reason: string | null;
    scores: string;
    measurements: string;
    heatmap_blob_key: string | null;
    out_of_distribution_score: number | null;
    started_at: string | null;
    finished_at: string | null;
    duration_ms: number | null;
    created_at: string;
  };
  finding: {
    id: string;
    study_instance_uid: string;
    series_instance_uid: string | null;
    sop_instance_uid: string | null;
    frame: number | null;
    analysis_id: string | null;
    source: 'model' | 'person';
    code: string;
    title: string;
    confidence: number | null;
    threshold: number | null;
    box: string | null;
    evidence: string;
    status: 'proposed' | 'accepted' | 'edited' | 'rejected';
    text: string | null;
    reason: string | null;
    reviewed_by: string | null;
    reviewed_at: string | null;
    created_at: string;
  };
  report: {
    id: string;
    study_instance_uid: string;
    version: number;
    amends: string | null;
    status: 'draft' | 'final' | 'amended';
    locale: 'en' | 'de' | 'fr' | 'es' | 'ar';
    sections: string;
    finding_ids: string;
    amendment_reason: string | null;
    /** The canonical JSON that was signed, kept so that the hash can be checked for ever. */
    signed_content: string | null;
    content_sha256: string | null;
    signed_by: string | null;
    signed_at: string | null;
    signature_meaning: string | null;
    pdf_status: 'none' | 'rendering' | 'ready' | 'failed';
    pdf_blob_key: string | null;
    created_at: string;
    updated_at: string;
  };
  prediction: {
    id: string;
    image_filename: string;
    model_name: string;
    model_version: string;
    model_digest: string;
    input_digest: string;
    prediction_class: string | null;
    confidence_score: number | null;
    probabilities: string;
    abstained: number;
    abstention_reason: string | null;
    out_of_distribution_score: number | null;
    processing_time: number;
    created_by: string;
    created_at: string;
  };
  event: {
    seq: Generated<number>;
    type: string;
    topic: string;
    /** The study that it tells of, so that a limited view has only its own events. */
    study_instance_uid: string | null;
    payload: string;
    created_at: string;
  };
  /** An application that may associate over DIMSE, and where it listens itself. The rights are 0 or 1. */
  peer: {
    id: string;
    ae_title: string;
    host: string;
    port: number;
    tls: number;
    may_store: number;
    may_query: number;
    may_retrieve: number;
    created_at: string;
  };
  /** A study, or a patient with all studies (no `study_instance_uid`), that was deleted and can be restored until `purge_after`. */
  recycled: {
    id: string;
    study_instance_uid: string | null;
    patient_key: string;
    patient_id: string;
    patient_name: string;
    study_count: number;
    instance_count: number;
    deleted_by: string;
    deleted_at: string;
    purge_after: string;
  };
  /** A row of another table as JSON, in the order in which the rows are put back. */
  recycled_row: { recycled_id: string; number: number; table_name: string; content: string };
  /** Content that the rows name: it is kept for as long as they are. */
  recycled_blob: { recycled_id: string; blob_key: string };
  /** While it is not released, nothing of the patient can be deleted. `reason` is sealed. */
  retention_hold: {
    id: string;
    patient_key: string;
    reason: string;
    placed_by: string;
    placed_at: string;
    released_by: string | null;
    released_at: string | null;
  };
  /** A request to erase a patient; once it is done, all that is left of him. `reason` is sealed. */
  erasure: {
    id: string;
    /** Null once it is done or refused. */
    patient_key: string | null;
    /** As in the audit trail. */
    pseudonym: string;
    reason: string;
    status: 'requested' | 'approved' | 'done' | 'refused';
    requested_by: string;
    requested_at: string;
    finished_at: string | null;
    study_count: number | null;
    instance_count: number | null;
  };
  erasure_approval: { erasure_id: string; user_id: string; approved_at: string };
  /** The end of the tenant's audit chain. One row. */
  audit_head: { seq: number; hash: string };
  /** Written once, never changed; `details` is a flat JSON object. */
  audit_entry: {
    seq: number;
    at: string;
    actor_kind: ActorKind;
    actor_id: string | null;
    actor_name: string | null;
    actor_role: string | null;
    action: AuditAction;
    operation: string;
    object_type: string | null;
    object_id: string | null;
    study_instance_uid: string | null;
    /** Keyed pseudonym. */
    patient: string | null;
    purpose: Purpose | null;
    outcome: AuditOutcome;
    reason: string | null;
    source: string | null;
    request_id: string | null;
    details: string;
    previous_hash: string;
    hash: string;
  };
  audit_checkpoint: {
    number: number;
    seq: number;
    hash: string;
    at: string;
    intact: number;
    previous_checkpoint: string;
    key_id: string;
    signature: string;
  };
  /** How far the receivers of the trail outside have been told. */
  audit_cursor: { sink: string; position: number };
  /** The secret that pseudonyms are made with, sealed. One row. */
  pseudonym_key: { id: string; secret: string; created_at: string };
  /** A de-identified copy of a study that was asked for. */
  deidentification: {
    id: string;
    study_instance_uid: string;
    options: string;
    project: string;
    patient_id: string | null;
    /** The caller's own secret, sealed; null as soon as the work is done, or if there was none. */
    secret: string | null;
    status: 'queued' | 'running' | 'complete' | 'incomplete' | 'failed';
    result_study_instance_uid: string | null;
    stored_count: number;
    refused: string;
    report_blob_key: string | null;
    requested_by: string;
    created_at: string;
    finished_at: string | null;
  };
};
