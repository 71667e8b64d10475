import type { Generated } from 'kysely';

/**
 * The tables, as both databases hold them. Instants are ISO 8601 text in UTC (they sort, and are the same in both dialects);
 * JSON columns are text, written and read with `json.ts`; booleans are 0 or 1.
 */
export type Tables = {
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
  };
  session: { token_hash: string; user_id: string; created_at: string; expires_at: string };
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
  study: {
    study_instance_uid: string;
    patient_key: string;
    accession_number: string | null;
    study_id: string | null;
    study_date: string | null;
    study_time: string | null;
    description: string | null;
    referring_physician: string | null;
    /** In the form of `patient.name_alphabetic`. */
    referring_physician_form: string | null;
    is_synthetic: number;
    status: 'receiving' | 'complete';
    analysis_status: 'none' | 'queued' | 'running' | 'succeeded' | 'abstained' | 'failed';
    created_at: string;
    updated_at: string;
  };
  series: {
    series_instance_uid: string;
    study_instance_uid: string;
    modality: string;
    series_number: number | null;
    description: string | null;
    body_part: string | null;
    view_position: string | null;
    created_at: string;
  };
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
    locale: 'en' | 'ar';
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
  event: { seq: Generated<number>; type: string; topic: string; payload: string; created_at: string };
  job: {
    id: string;
    name: string;
    key: string | null;
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
};
