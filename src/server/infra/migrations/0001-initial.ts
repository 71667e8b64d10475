import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, PostgresAdapter, sql } from 'kysely';

type Column = ColumnDefinitionBuilder;
type Table = CreateTableBuilder<string, string>;
type Kind = 'text' | 'integer' | 'big' | 'real';

/**
 * All tables of the first version, for both databases. Text compares byte by byte in both (`collate "C"` is PostgreSQL's name for it):
 * lists come in the same order, and a prefix search can use its index. SQLite's tables are strict: a value of a wrong type is refused.
 */
export async function createInitialTables(db: Kysely<unknown>): Promise<void> {
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
  const types = {
    text: postgres ? sql`text collate "C"` : 'text',
    integer: 'integer',
    big: postgres ? 'bigint' : 'integer',
    real: postgres ? 'double precision' : 'real',
  } as const;
  const create = async (name: string, columns: Record<string, [Kind, ((column: Column) => Column)?]>, finish = (table: Table) => table) => {
    let table: Table = db.schema.createTable(name);
    for (const [column, [kind, build]] of Object.entries(columns)) table = table.addColumn(column, types[kind], build);
    table = finish(table);
    await (postgres ? table : table.modifyEnd(sql`strict`)).execute();
  };
  const index = (name: string, table: string, columns: string[]) => db.schema.createIndex(name).on(table).columns(columns);

  const required = (column: Column) => column.notNull();
  const primary = (column: Column) => column.notNull().primaryKey();
  const numbered = (column: Column) => (postgres ? primary(column).generatedByDefaultAsIdentity() : primary(column).autoIncrement());
  const to = (reference: string) => (column: Column) => column.references(reference);
  const of = (reference: string) => (column: Column) => column.notNull().references(reference);

  await create('setting', { key: ['text', primary], value: ['text', required] });

  await create('app_user', {
    id: ['text', primary],
    username: ['text', (column) => column.notNull().unique()],
    full_name: ['text', required],
    role: ['text', required],
    password_hash: ['text', required],
    is_active: ['integer', required],
    created_at: ['text', required],
    last_login: ['text'],
  });
  await create('session', {
    token_hash: ['text', primary],
    user_id: ['text', (column) => column.notNull().references('app_user.id').onDelete('cascade')],
    created_at: ['text', required],
    expires_at: ['text', required],
  });
  await index('session_user', 'session', ['user_id']).execute();
  await index('session_expires', 'session', ['expires_at']).execute();

  await create('patient', {
    id: ['text', primary],
    patient_id: ['text', required],
    issuer: ['text', required],
    name: ['text', required],
    name_search: ['text', required],
    birth_date: ['text'],
    sex: ['text'],
    created_at: ['text', required],
    updated_at: ['text', required],
  });
  await index('patient_id_issuer', 'patient', ['patient_id', 'issuer']).execute();
  await index('patient_name_search', 'patient', ['name_search']).execute();

  await create('study', {
    study_instance_uid: ['text', primary],
    patient_key: ['text', of('patient.id')],
    accession_number: ['text'],
    study_id: ['text'],
    study_date: ['text'],
    study_time: ['text'],
    description: ['text'],
    referring_physician: ['text'],
    is_synthetic: ['integer', required],
    status: ['text', required],
    analysis_status: ['text', required],
    created_at: ['text', required],
    updated_at: ['text', required],
  });
  await index('study_created', 'study', ['created_at', 'study_instance_uid']).execute();
  await index('study_updated', 'study', ['updated_at', 'study_instance_uid']).execute();
  await index('study_date', 'study', ['study_date', 'study_instance_uid']).execute();
  await index('study_accession', 'study', ['accession_number']).execute();
  await index('study_patient', 'study', ['patient_key']).execute();
  await index('study_analysis_status', 'study', ['analysis_status', 'updated_at']).execute();
  await index('study_receiving', 'study', ['updated_at']).where('status', '=', 'receiving').execute();

  await create('series', {
    series_instance_uid: ['text', primary],
    study_instance_uid: ['text', of('study.study_instance_uid')],
    modality: ['text', required],
    series_number: ['integer'],
    description: ['text'],
    body_part: ['text'],
    view_position: ['text'],
    created_at: ['text', required],
  });
  await index('series_study', 'series', ['study_instance_uid', 'series_number']).execute();

  await create('instance', {
    sop_instance_uid: ['text', primary],
    series_instance_uid: ['text', of('series.series_instance_uid')],
    study_instance_uid: ['text', of('study.study_instance_uid')],
    sop_class_uid: ['text', required],
    transfer_syntax_uid: ['text', required],
    instance_number: ['integer'],
    number_of_frames: ['integer', required],
    rows: ['integer'],
    columns: ['integer'],
    window_center: ['real'],
    window_width: ['real'],
    pixel_offset: ['big'],
    pixel_length: ['big'],
    is_derived: ['integer', required],
    blob_key: ['text', required],
    blob_size: ['big', required],
    created_at: ['text', required],
    // Last: SQLite reads a row from its front, and this one is long.
    dicom_json: ['text', required],
  });
  await index('instance_series', 'instance', ['series_instance_uid', 'instance_number']).execute();
  await index('instance_study', 'instance', ['study_instance_uid']).execute();
  await index('instance_blob', 'instance', ['blob_key']).execute();

  await create('analysis', {
    id: ['text', primary],
    run_key: ['text', (column) => column.notNull().unique()],
    study_instance_uid: ['text', of('study.study_instance_uid')],
    series_instance_uid: ['text', to('series.series_instance_uid')],
    sop_instance_uid: ['text', to('instance.sop_instance_uid')],
    model_id: ['text', required],
    model_version: ['text', required],
    model_digest: ['text', required],
    input_digest: ['text'],
    parameters: ['text', required],
    status: ['text', required],
    reason: ['text'],
    scores: ['text', required],
    measurements: ['text', required],
    heatmap_blob_key: ['text'],
    out_of_distribution_score: ['real'],
    started_at: ['text'],
    finished_at: ['text'],
    duration_ms: ['real'],
    created_at: ['text', required],
  });
  await index('analysis_study', 'analysis', ['study_instance_uid', 'created_at']).execute();
  await index('analysis_series', 'analysis', ['series_instance_uid']).execute();
  await index('analysis_instance', 'analysis', ['sop_instance_uid']).execute();
  await index('analysis_blob', 'analysis', ['heatmap_blob_key']).where('heatmap_blob_key', 'is not', null).execute();

  await create('finding', {
    id: ['text', primary],
    study_instance_uid: ['text', of('study.study_instance_uid')],
    series_instance_uid: ['text', to('series.series_instance_uid')],
    sop_instance_uid: ['text', to('instance.sop_instance_uid')],
    frame: ['integer'],
    analysis_id: ['text', to('analysis.id')],
    source: ['text', required],
    code: ['text', required],
    title: ['text', required],
    confidence: ['real'],
    threshold: ['real'],
    box: ['text'],
    evidence: ['text', required],
    status: ['text', required],
    text: ['text'],
    reason: ['text'],
    reviewed_by: ['text'],
    reviewed_at: ['text'],
    created_at: ['text', required],
  });
  await index('finding_study', 'finding', ['study_instance_uid', 'created_at']).execute();
  await index('finding_series', 'finding', ['series_instance_uid']).execute();
  await index('finding_instance', 'finding', ['sop_instance_uid']).execute();
  await index('finding_analysis', 'finding', ['analysis_id']).execute();

  await create(
    'report',
    {
      id: ['text', primary],
      study_instance_uid: ['text', of('study.study_instance_uid')],
      version: ['integer', required],
      amends: ['text', to('report.id')],
      status: ['text', required],
      locale: ['text', required],
      sections: ['text', required],
      finding_ids: ['text', required],
      amendment_reason: ['text'],
      signed_content: ['text'],
      content_sha256: ['text'],
      signed_by: ['text'],
      signed_at: ['text'],
      signature_meaning: ['text'],
      pdf_status: ['text', required],
      pdf_blob_key: ['text'],
      created_at: ['text', required],
      updated_at: ['text', required],
    },
    // Also the index by study.
    (table) => table.addUniqueConstraint('report_study_version', ['study_instance_uid', 'version']),
  );
  await index('report_amends', 'report', ['amends']).execute();
  await index('report_blob', 'report', ['pdf_blob_key']).where('pdf_blob_key', 'is not', null).execute();

  await create('prediction', {
    id: ['text', primary],
    image_filename: ['text', required],
    model_name: ['text', required],
    model_version: ['text', required],
    model_digest: ['text', required],
    input_digest: ['text', required],
    prediction_class: ['text'],
    confidence_score: ['real'],
    probabilities: ['text', required],
    abstained: ['integer', required],
    abstention_reason: ['text'],
    out_of_distribution_score: ['real'],
    processing_time: ['real', required],
    created_by: ['text', required],
    created_at: ['text', required],
  });
  await index('prediction_created', 'prediction', ['created_at', 'id']).execute();
  await index('prediction_class', 'prediction', ['prediction_class', 'created_at', 'id']).execute();

  await create('event', {
    seq: ['big', numbered],
    type: ['text', required],
    topic: ['text', required],
    payload: ['text', required],
    created_at: ['text', required],
  });
  await index('event_topic', 'event', ['topic', 'seq']).execute();

  await create('job', {
    id: ['text', primary],
    name: ['text', required],
    key: ['text'],
    payload: ['text', required],
    priority: ['integer', required],
    run_at: ['text', required],
    attempts: ['integer', required],
    interruptions: ['integer', required],
    max_attempts: ['integer', required],
    started_at: ['text'],
    lease_until: ['text'],
    worker: ['text'],
    finished_at: ['text'],
    outcome: ['text'],
    last_error: ['text'],
    created_at: ['text', required],
  });
  const waiting = index('job_waiting_key', 'job', ['name', 'key']).unique().where('started_at', 'is', null);
  await waiting.where('finished_at', 'is', null).where('key', 'is not', null).execute();
  const due = index('job_due', 'job', ['priority desc', 'run_at', 'id']);
  await due.where('started_at', 'is', null).where('finished_at', 'is', null).execute();
  const running = index('job_running', 'job', ['name', 'key', 'lease_until']);
  await running.where('started_at', 'is not', null).where('finished_at', 'is', null).execute();
  await index('job_finished', 'job', ['outcome', 'finished_at']).where('finished_at', 'is not', null).execute();

  await create('cron', { name: ['text', primary], cron: ['text', required], payload: ['text', required], next_at: ['text', required] });
}
