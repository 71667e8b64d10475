import type { Generated } from 'kysely';
import type { AgentName, AgentOutcome, AgentStatus } from '../../contract/agents.ts';
import type { ActorKind, AuditAction, AuditOutcome, Purpose } from '../../contract/audit-terms.ts';
import type { DiagnosisPriority, DiagnosisStatus } from '../../contract/diagnosis.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import type { DocumentType } from '../../contract/patients-documents.ts';
import type { MatchRule } from '../../contract/patients-merge.ts';
import type { ReadingLevel, ReadingStatus } from '../../contract/reading-list.ts';
import type { ClinicalTables } from './clinical-tables.ts';
import type { IdentityTables, SigningKeyTable } from './identity-tables.ts';
import type { LiteratureTables } from './literature-tables.ts';
import type { ReportDeskTables, ReportDraftColumns } from './report-desk-tables.ts';

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
  study_source: 'study_instance_uid',
  study_assignment: 'study_instance_uid',
  reading: 'study_instance_uid',
  reading_lock: 'everybody',
  reading_preference: 'everybody',
  shared_view: 'everybody',
  series: 'study_instance_uid',
  search_term: 'study_instance_uid',
  instance: 'study_instance_uid',
  original_file: 'study_instance_uid',
  workitem: 'study_instance_uid',
  workitem_subscriber: 'everybody',
  workitem_event: 'everybody',
  analysis: 'study_instance_uid',
  finding: 'study_instance_uid',
  finding_decision: 'study_instance_uid',
  report: 'study_instance_uid',
  report_addendum: 'study_instance_uid',
  critical_result: 'study_instance_uid',
  report_template: 'everybody',
  report_macro: 'everybody',
  diagnosis: 'patient_key',
  diagnosis_image: 'patient_key',
  agent_report: 'patient_key',
  diagnosis_step: 'patient_key',
  diagnosis_comment: 'patient_key',
  diagnosis_draft: 'patient_key',
  diagnosis_link: 'patient_key',
  follow_up: 'study_instance_uid',
  discordance: 'study_instance_uid',
  knowledge_source: 'everybody',
  knowledge_override: 'everybody',
  knowledge_check: 'everybody',
  prediction: 'everybody',
  event: 'study_instance_uid',
  webhook: 'everybody',
  webhook_delivery: 'everybody',
  peer: 'everybody',
  forward: 'study_instance_uid',
  forward_instance: 'study_instance_uid',
  retrieval: 'study_instance_uid',
  commitment: 'everybody',
  worklist_order: 'study_instance_uid',
  performed_step: 'study_instance_uid',
  routing_rule: 'everybody',
  routing_act: 'study_instance_uid',
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
  record_term: 'patient_key',
  patient_document: 'patient_key',
  patient_identity: 'patient_key',
  patient_merge: 'patient_key',
  patient_match: 'patient_key',
  patient_term: 'patient_key',
} as const satisfies Record<keyof TenantTables, VisibleBy>;
export type TenantTable = keyof typeof TENANT_TABLES;

/** Tables that belong to the installation; no tenant's view has them. */
export type GlobalTables = {
  literature: LiteratureTables['literature'];
  literature_vector: LiteratureTables['literature_vector'];
  literature_source: LiteratureTables['literature_source'];
  literature_text: LiteratureTables['literature_text'];
  mesh_term: LiteratureTables['mesh_term'];
  trial: LiteratureTables['trial'];
  trial_text: LiteratureTables['trial_text'];
  signing_key: SigningKeyTable;
  /** Left by the database itself with each change; see migration 0025. */
  change_stamp: { owner: string; name: string; slot: number; stamp: string };
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
  /** Up to which number events were removed because of their age. One row, or none yet. */
  event_horizon: { id: string; seq: number };
  /** How the processes were: each minute of a day, and averages of each hour. `sample` is JSON. */
  system_metric: { span: 'minute' | 'hour'; at: string; process: string; sample: string };
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
    /** When an administrator or a provider vouched for the address; null for what its owner alone says. */
    email_confirmed_at: Generated<string | null>;
  };
  session: IdentityTables['session'];
  refresh_token: IdentityTables['refresh_token'];
  login_failure: IdentityTables['login_failure'];
  api_key: IdentityTables['api_key'];
  share_link: IdentityTables['share_link'];
  diagnosis_link: IdentityTables['diagnosis_link'];
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
    risk_level: Generated<'low' | 'medium' | 'high' | null>;
    status: Generated<'active' | 'inactive'>;
    /** JSON, sealed; null if nothing is known. */
    contact_info: Generated<string | null>;
    emergency_contact: Generated<string | null>;
    /** Id of the account; null for who came with a DICOM object. */
    created_by: Generated<string | null>;
    /** The record that took over everything of this one. */
    merged_into: Generated<string | null>;
    /** Counts the changes of this row by people. */
    version: Generated<number>;
    created_at: string;
    updated_at: string;
  };
  /**
   * Which record an identity means that is not the record's own id: one typed in, one corrected, or one merged. `identity_key` is what
   * `patientOf` derives from ID, issuer, name and birth date, or `number:` with what ID and issuer give, which keeps a number from being given twice.
   */
  patient_identity: { identity_key: string; patient_key: string; patient_id: string; issuer: string; created_at: string };
  /** The codes and words by which a condition of the record is found, folded. */
  record_term: { term: string; patient_key: string; entry_id: string };
  /** A record that gave everything up to another; `moved` says as JSON which rows, so that it can be undone. */
  patient_merge: {
    id: string;
    patient_key: string;
    source_key: string;
    moved: string;
    merged_by: string;
    merged_at: string;
    undone_by: string | null;
    undone_at: string | null;
  };
  /** Two records that may be of one person, the lesser key first. */
  patient_match: {
    id: string;
    patient_key: string;
    other_key: string;
    rule: MatchRule;
    status: 'open' | 'accepted' | 'dismissed';
    decided_by: string | null;
    decided_at: string | null;
    created_at: string;
  };
  /** What was uploaded about a patient. The UIDs of the DICOM object that was made of it, if one was. */
  patient_document: {
    id: string;
    patient_key: string;
    title: string;
    category: string | null;
    document_date: string | null;
    media_type: DocumentType;
    size: number;
    blob_key: string;
    study_instance_uid: string | null;
    sop_instance_uid: string | null;
    uploaded_by: string;
    created_at: string;
  };
  /** The words by which a patient is found: of the name and the numbers, folded. */
  patient_term: { term: string; patient_key: string };
  /** Where events are posted to. `secret` is sealed; `cursor` is the number of the last event that deliveries were made of. */
  webhook: { id: string; url: string; event_types: string; secret: string; cursor: number; created_at: string };
  webhook_delivery: {
    id: string;
    webhook_id: string;
    seq: number;
    type: string;
    status: 'waiting' | 'delivered' | 'dead' | 'dropped';
    attempts: number;
    last_error: string | null;
    created_at: string;
    finished_at: string | null;
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
    reading_status: Generated<ReadingStatus>;
    /** Sorts by priority, then by arrival (`placeInList`). */
    reading_place: Generated<string>;
    /** The modality whose turnaround targets hold for it; empty: those of all. */
    target_modality: Generated<string>;
    /** The account that it was given to for reading. */
    reader_id: Generated<string | null>;
  };
  /** When a study was first opened for reading, and given to whom it was given to. */
  reading: {
    study_instance_uid: string;
    first_opened_at: string | null;
    assigned_at: string | null;
    assigned_by: string | null;
    /** Set by hand, by whom and when; null where the rules alone decide. */
    level: Generated<ReadingLevel | null>;
    level_by: Generated<string | null>;
    level_at: Generated<string | null>;
  };
  /** Who has a study open for reading; no longer than `until`. */
  reading_lock: { study_instance_uid: string; user_id: string; since: string; until: string };
  /** How a person wants the reading list; JSON. */
  reading_preference: { user_id: string; content: string };
  /** A view of the reading list that everybody of the tenant has; `content` is JSON. */
  shared_view: { id: string; owner_id: string; content: string; created_at: string };
  /** Words on a study, as for routing and research. */
  study_label: { study_instance_uid: string; label: string; created_at: string };
  /** By which applications' associations objects of a study came. */
  study_source: { study_instance_uid: string; ae_title: string; created_at: string };
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
  /** A Unified Procedure Step (PS3.3 B.26.2). */
  workitem: {
    sop_instance_uid: string;
    /** Of its input, or of the request that it is part of. */
    study_instance_uid: string | null;
    state: 'SCHEDULED' | 'IN PROGRESS' | 'COMPLETED' | 'CANCELED';
    /** Known to the performer alone: whoever has it may change what is in progress. */
    transaction_uid: string | null;
    /** Who claimed it: a user, a key, or `analysis`. */
    performer: string | null;
    /** Of what an analysis of ours works on; null for what came from elsewhere. */
    input_digest: string | null;
    /** Scheduled Procedure Step Start DateTime: by which worklists are ordered. */
    start_at: string;
    /** DICOM JSON. */
    attributes: string;
    /** Counts changes, so that of two at the same time one fails. */
    revision: number;
    created_at: string;
    finished_at: string | null;
  };
  /** Who is told of a workitem; under a well-known UID, of those that are created from now on. */
  workitem_subscriber: {
    workitem_uid: string;
    ae_title: string;
    /** Keeps a finished workitem until the subscription ends. */
    deletion_lock: number;
    /** JSON of what a workitem must match; null for all. */
    filter: string | null;
    is_suspended: number;
  };
  /** What a subscriber is yet to be told. */
  workitem_event: { seq: Generated<number>; ae_title: string; payload: string; created_at: string };
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
    /** JSON: title and evidence as the model gave them, once a reader has corrected one of them. */
    proposed: string | null;
    created_at: string;
  };
  /** Each decision on a finding; `corrections` is JSON of the evidence that it set. */
  finding_decision: {
    id: string;
    study_instance_uid: string;
    finding_id: string;
    decision: 'accept' | 'edit' | 'reject';
    title: string;
    text: string | null;
    reason: string | null;
    corrections: string;
    decided_by: string;
    decided_at: string;
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
  } & ReportDraftColumns;
  /** `signed_content` as in a report. */
  report_addendum: ReportDeskTables['report_addendum'];
  /** What somebody has to be told of, and whether that was done. */
  critical_result: ReportDeskTables['critical_result'];
  report_template: ReportDeskTables['report_template'];
  report_macro: ReportDeskTables['report_macro'];
  diagnosis: {
    id: string;
    patient_key: string;
    status: DiagnosisStatus;
    priority: DiagnosisPriority;
    /** The priority as a number, the higher the sooner. */
    urgency: number;
    symptoms: string;
    vital_signs: string;
    planned_exam: string | null;
    ai_config: string;
    /** Grows with each change that somebody makes. */
    version: number;
    created_by: string;
    created_at: string;
    updated_at: string;
    started_at: string | null;
    /** When it was completed or cancelled. */
    completed_at: string | null;
  };
  /** What a diagnosis is about: a study, or one instance of it (empty: the whole study). */
  diagnosis_image: {
    id: string;
    diagnosis_id: string;
    patient_key: string;
    study_instance_uid: string;
    sop_instance_uid: string;
    added_at: string;
  };
  /** How far an agent is with a diagnosis, and what it said. */
  agent_report: {
    id: string;
    diagnosis_id: string;
    agent: AgentName;
    patient_key: string;
    /** Another one whenever the agent has to begin anew: what a run for another key comes to is thrown away. */
    run_key: string;
    status: AgentStatus;
    outcome: AgentOutcome | null;
    reason: string | null;
    progress: number;
    failures: number;
    report: string | null;
    started_at: string | null;
    finished_at: string | null;
    duration_ms: number | null;
    updated_at: string;
  };
  diagnosis_step: {
    id: string;
    diagnosis_id: string;
    number: number;
    patient_key: string;
    at: string;
    type: string;
    actor: string;
    data: string;
  };
  diagnosis_comment: {
    id: string;
    diagnosis_id: string;
    patient_key: string;
    text: string;
    /** Of users: id and user name. */
    mentions: string;
    author_id: string;
    author_name: string;
    created_at: string;
  };
  /** One that a person is putting together; `content` is sealed. */
  diagnosis_draft: { id: string; user_id: string; patient_key: string; content: string; updated_at: string };
  /** A recommendation of a signed report. `options` and `finding_ids` are JSON; days are `YYYY-MM-DD`. */
  follow_up: ClinicalTables['follow_up'];
  /** Where a signed report and the models disagree. */
  discordance: ClinicalTables['discordance'];
  knowledge_source: ClinicalTables['knowledge_source'];
  knowledge_override: ClinicalTables['knowledge_override'];
  knowledge_check: ClinicalTables['knowledge_check'];
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
  /** Instances of one study on their way to a peer. */
  forward: {
    id: string;
    study_instance_uid: string;
    /** JSON: lists of series and instances, empty for all of the study. */
    selection: string;
    peer_id: string;
    /** Of the peer, as it was. */
    ae_title: string;
    status: 'waiting' | 'sending' | 'sent' | 'failed' | 'cancelled';
    total_count: number;
    sent_count: number;
    attempts: number;
    next_attempt_at: string | null;
    last_error: string | null;
    /** Whether the peer is asked to take responsibility for what was sent, and what it said. */
    commitment: 'none' | 'wanted' | 'requested' | 'committed' | 'failed';
    /** Rule and action that made it; the same pair makes one forward of a study. Null where a person did. */
    rule_key: string | null;
    requested_by: string;
    created_at: string;
    finished_at: string | null;
  };
  /** What the peer said to each instance that it was sent. */
  forward_instance: { forward_id: string; sop_instance_uid: string; study_instance_uid: string; outcome: 'sent' | 'warning' | 'failed' };
  /** A study, series or instance on its way from a peer, with the peer's own counts. */
  retrieval: {
    id: string;
    peer_id: string;
    ae_title: string;
    study_instance_uid: string;
    series_instance_uid: string | null;
    sop_instance_uid: string | null;
    method: 'move' | 'get';
    status: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
    remaining: number | null;
    completed: number;
    failed: number;
    warning: number;
    detail: string | null;
    requested_by: string;
    created_at: string;
    finished_at: string | null;
  };
  /** A storage commitment transaction: `scp` that a peer asked us for, `scu` that we asked a peer for. */
  commitment: {
    id: string;
    role: 'scp' | 'scu';
    transaction_uid: string;
    ae_title: string;
    peer_id: string | null;
    forward_id: string | null;
    /** JSON: SOP class and instance of each object. */
    items: string;
    /** JSON: instance and failure reason of those that were not committed. */
    failures: string;
    status: 'waiting' | 'requested' | 'reported' | 'committed' | 'failed';
    attempts: number;
    last_error: string | null;
    created_at: string;
    finished_at: string | null;
  };
  /** A scheduled procedure step, as modalities ask for it. `content` is JSON of the whole order. */
  worklist_order: {
    id: string;
    study_instance_uid: string;
    patient_id: string;
    accession_number: string;
    step_id: string;
    modality: string;
    station_ae_title: string;
    start_date: string;
    start_time: string;
    status: 'scheduled' | 'started' | 'completed' | 'discontinued' | 'cancelled';
    content: string;
    created_at: string;
    updated_at: string;
  };
  /** What a modality says that it is doing or has done; `content` is its DICOM JSON. */
  performed_step: {
    sop_instance_uid: string;
    study_instance_uid: string;
    order_id: string | null;
    ae_title: string;
    status: 'in_progress' | 'completed' | 'discontinued';
    content: string;
    created_at: string;
    updated_at: string;
  };
  routing_rule: {
    id: string;
    name: string;
    /** Rules are tried from the lowest. */
    position: number;
    is_enabled: number;
    occasion: 'arrival' | 'complete';
    conditions: string;
    actions: string;
    /** Grows when conditions or actions change: then the rule acts anew. */
    version: number;
    created_at: string;
    updated_at: string;
  };
  /** What a rule did to a study, once for each of its actions. `reference` is the id of what it made. */
  routing_act: {
    rule_id: string;
    version: number;
    study_instance_uid: string;
    action: number;
    outcome: 'begun' | 'done' | 'skipped';
    reference: string | null;
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
  /** What came as the file of an instance that is stored in another transfer syntax now. */
  original_file: {
    sop_instance_uid: string;
    study_instance_uid: string;
    /** SHA-256 of the file, as its blob's key was. */
    digest: string;
    size: number;
    transfer_syntax_uid: string;
    replaced_at: string;
  };
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
