import type { CreateIndexBuilder, Kysely } from 'kysely';
import { openTableMaker, type TableMaker } from './table-maker.ts';

/** All tables of the first version, for both databases, and the tenant that is there from the start. */
export async function createInitialTables(untyped: Kysely<unknown>): Promise<void> {
  const make = openTableMaker(untyped);
  // The columns as this migration makes them; later ones do not change what it does.
  const db = untyped as Kysely<{ tenant: Record<'id' | 'name' | 'created_at', string> & { is_active: number } }>;
  await createInstallation(make);
  const created_at = new Date().toISOString();
  await db.insertInto('tenant').values({ id: 'default', name: 'Default', is_active: 1, created_at }).execute();
  await createAccounts(make);
  await createStudies(make);
  await createInstances(make);
  await createAnalyses(make);
  await createReports(make);
  await createRest(make);
}

async function createInstallation({ createTable, createIndex }: TableMaker): Promise<void> {
  await createTable(
    'tenant',
    { id: 'text not null', name: 'text not null', ae_title: 'text', is_active: 'integer not null', created_at: 'text not null' },
    { key: ['id'], unique: [['ae_title']] },
  );
  await createTable(
    'job',
    {
      id: 'text not null',
      name: 'text not null',
      key: 'text',
      tenant_id: 'text',
      payload: 'text not null',
      priority: 'integer not null',
      run_at: 'text not null',
      attempts: 'integer not null',
      interruptions: 'integer not null',
      max_attempts: 'integer not null',
      started_at: 'text',
      lease_until: 'text',
      worker: 'text',
      finished_at: 'text',
      outcome: 'text',
      last_error: 'text',
      created_at: 'text not null',
    },
    { key: ['id'] },
  );
  await createIndex('job', ['name', 'key'], {
    name: 'job_waiting_key',
    unique: true,
    where: (index) => index.where('started_at', 'is', null).where('finished_at', 'is', null).where('key', 'is not', null),
  });
  await createIndex('job', ['priority desc', 'run_at', 'id'], {
    name: 'job_due',
    where: (index) => index.where('started_at', 'is', null).where('finished_at', 'is', null),
  });
  await createIndex('job', ['name', 'key', 'lease_until'], {
    name: 'job_running',
    where: (index) => index.where('started_at', 'is not', null).where('finished_at', 'is', null),
  });
  await createIndex('job', ['outcome', 'finished_at'], {
    name: 'job_finished',
    where: (index) => index.where('finished_at', 'is not', null),
  });
  const cron = { name: 'text not null', cron: 'text not null', payload: 'text not null', next_at: 'text not null' } as const;
  await createTable('cron', cron, { key: ['name'] });
}

async function createAccounts({ createTenantTable, createTenantIndex }: TableMaker): Promise<void> {
  await createTenantTable('setting', { key: 'text not null', value: 'text not null' }, { key: ['key'] });
  await createTenantTable(
    'app_user',
    {
      id: 'text not null',
      username: 'text not null',
      full_name: 'text not null',
      role: 'text not null',
      password_hash: 'text not null',
      is_active: 'integer not null',
      created_at: 'text not null',
      last_login: 'text',
      is_operator: 'integer not null',
    },
    { key: ['id'], unique: [['username']] },
  );
  await createTenantTable(
    'session',
    { token_hash: 'text not null', user_id: 'text not null', created_at: 'text not null', expires_at: 'text not null' },
    { key: ['token_hash'], references: [{ columns: ['user_id'], table: 'app_user', key: ['id'], onDelete: 'cascade' }] },
  );
  await createTenantIndex('session', ['user_id']);
  await createTenantIndex('session', ['expires_at']);
}

const OF_STUDY = { columns: ['study_instance_uid'], table: 'study' };
const OF_SERIES = { columns: ['series_instance_uid'], table: 'series' };
const OF_INSTANCE = { columns: ['sop_instance_uid'], table: 'instance' };

async function createStudies({ createTenantTable, createTenantIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'patient',
    {
      id: 'text not null',
      patient_id: 'text not null',
      issuer: 'text not null',
      name: 'text not null',
      name_search: 'text not null',
      name_alphabetic: 'text',
      name_ideographic: 'text',
      name_phonetic: 'text',
      birth_date: 'text',
      sex: 'text',
      risk_level: 'text',
      status: 'text not null default active',
      contact_info: 'text',
      emergency_contact: 'text',
      created_by: 'text',
      merged_into: 'text',
      version: 'integer not null default 1',
      created_at: 'text not null',
      updated_at: 'text not null',
    },
    { key: ['id'] },
  );
  await createTenantIndex('patient', ['patient_id', 'issuer'], { name: 'patient_id_issuer' });
  // By which lists of patients are put in order, and near matches are found.
  await createTenantIndex('patient', ['name_search', 'id'], { name: 'patient_by_name' });
  await createTenantIndex('patient', ['birth_date', 'name_search', 'id'], { name: 'patient_by_birth' });
  await createTenantIndex('patient', ['created_at', 'id'], { name: 'patient_created' });
  await createTenantIndex('patient', ['updated_at', 'id'], { name: 'patient_updated' });
  const merged = { name: 'patient_merged', where: (index: CreateIndexBuilder<string>) => index.where('merged_into', 'is not', null) };
  await createTenantIndex('patient', ['merged_into'], merged);
  await createTenantIndex('patient', ['risk_level', 'name_search', 'id'], { name: 'patient_by_risk' });

  await createTenantTable(
    'study',
    {
      study_instance_uid: 'text not null',
      patient_key: 'text not null',
      accession_number: 'text',
      study_id: 'text',
      study_date: 'text',
      study_time: 'text',
      study_moment: 'text not null',
      description: 'text',
      referring_physician: 'text',
      modalities: 'text not null',
      series_count: 'integer not null',
      instance_count: 'integer not null',
      is_synthetic: 'integer not null',
      status: 'text not null',
      analysis_status: 'text not null',
      created_at: 'text not null',
      updated_at: 'text not null',
      // Last: SQLite reads a row from its front, and this one is long.
      attributes: 'text not null',
    },
    { key: ['study_instance_uid'], references: [{ columns: ['patient_key'], table: 'patient', key: ['id'] }] },
  );
  await createTenantIndex('study', ['created_at', 'study_instance_uid'], { name: 'study_created' });
  await createTenantIndex('study', ['updated_at', 'study_instance_uid'], { name: 'study_updated' });
  await createTenantIndex('study', ['study_moment', 'study_instance_uid']);
  // What puts studies in order and leads to their patients, beside the long rows.
  await createTenantIndex('study', ['study_instance_uid', 'study_moment', 'created_at', 'patient_key'], { name: 'study_order' });
  await createTenantIndex('study', ['accession_number'], { name: 'study_accession' });
  await createTenantIndex('study', ['patient_key'], { name: 'study_patient' });
  await createTenantIndex('study', ['analysis_status', 'updated_at']);
  await createTenantIndex('study', ['updated_at'], { name: 'study_receiving', where: (index) => index.where('status', '=', 'receiving') });

  await createTenantTable(
    'study_label',
    { study_instance_uid: 'text not null', label: 'text not null', created_at: 'text not null' },
    { key: ['study_instance_uid', 'label'], references: [{ ...OF_STUDY, onDelete: 'cascade' }] },
  );
  await createTenantIndex('study_label', ['label', 'study_instance_uid']);
  await createTenantTable(
    'study_assignment',
    { study_instance_uid: 'text not null', user_id: 'text not null', created_at: 'text not null' },
    {
      key: ['study_instance_uid', 'user_id'],
      references: [
        { ...OF_STUDY, onDelete: 'cascade' },
        { columns: ['user_id'], table: 'app_user', key: ['id'], onDelete: 'cascade' },
      ],
    },
  );
  await createTenantIndex('study_assignment', ['user_id', 'study_instance_uid'], { name: 'study_assignment_user' });
}

async function createInstances({ createTenantTable, createTenantIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'series',
    {
      series_instance_uid: 'text not null',
      study_instance_uid: 'text not null',
      modality: 'text not null',
      series_number: 'integer',
      description: 'text',
      body_part: 'text',
      view_position: 'text',
      sop_class_uid: 'text not null',
      instance_count: 'integer not null',
      created_at: 'text not null',
      attributes: 'text not null',
    },
    { key: ['series_instance_uid'], references: [OF_STUDY] },
  );
  await createTenantIndex('series', ['study_instance_uid', 'series_number'], { name: 'series_study' });
  await createTenantIndex('series', ['modality', 'study_instance_uid']);
  await createTenantTable(
    'search_term',
    { tag: 'text not null', term: 'text not null', study_instance_uid: 'text not null', series_instance_uid: 'text not null' },
    { key: ['tag', 'term', 'study_instance_uid', 'series_instance_uid'], references: [{ ...OF_STUDY, onDelete: 'cascade' }] },
  );
  await createTenantIndex('search_term', ['study_instance_uid', 'series_instance_uid'], { name: 'search_term_study' });

  await createTenantTable(
    'instance',
    {
      sop_instance_uid: 'text not null',
      series_instance_uid: 'text not null',
      study_instance_uid: 'text not null',
      sop_class_uid: 'text not null',
      transfer_syntax_uid: 'text not null',
      instance_number: 'integer',
      number_of_frames: 'integer not null',
      rows: 'integer',
      columns: 'integer',
      bits_allocated: 'integer',
      window_center: 'real',
      window_width: 'real',
      pixel_offset: 'big',
      pixel_length: 'big',
      is_derived: 'integer not null',
      blob_key: 'text not null',
      blob_size: 'big not null',
      created_at: 'text not null',
      // Last: SQLite reads a row from its front, and this one is long.
      dicom_json: 'text not null',
    },
    { key: ['sop_instance_uid'], references: [OF_SERIES, OF_STUDY] },
  );
  await createTenantIndex('instance', ['series_instance_uid', 'instance_number', 'sop_instance_uid'], { name: 'instance_series' });
  await createTenantIndex('instance', ['study_instance_uid', 'sop_class_uid'], { name: 'instance_study' });
  await createTenantIndex('instance', ['blob_key'], { name: 'instance_blob' });
}

async function createAnalyses({ createTenantTable, createTenantIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'analysis',
    {
      id: 'text not null',
      run_key: 'text not null',
      study_instance_uid: 'text not null',
      series_instance_uid: 'text',
      sop_instance_uid: 'text',
      model_id: 'text not null',
      model_version: 'text not null',
      model_digest: 'text not null',
      input_digest: 'text',
      parameters: 'text not null',
      status: 'text not null',
      reason: 'text',
      scores: 'text not null',
      measurements: 'text not null',
      heatmap_blob_key: 'text',
      out_of_distribution_score: 'real',
      started_at: 'text',
      finished_at: 'text',
      duration_ms: 'real',
      created_at: 'text not null',
    },
    { key: ['id'], unique: [['run_key']], references: [OF_STUDY, OF_SERIES, OF_INSTANCE] },
  );
  await createTenantIndex('analysis', ['study_instance_uid', 'created_at'], { name: 'analysis_study' });
  await createTenantIndex('analysis', ['series_instance_uid'], { name: 'analysis_series' });
  await createTenantIndex('analysis', ['sop_instance_uid'], { name: 'analysis_instance' });
  const named = { name: 'analysis_blob', where: (index: CreateIndexBuilder<string>) => index.where('heatmap_blob_key', 'is not', null) };
  await createTenantIndex('analysis', ['heatmap_blob_key'], named);

  await createTenantTable(
    'finding',
    {
      id: 'text not null',
      study_instance_uid: 'text not null',
      series_instance_uid: 'text',
      sop_instance_uid: 'text',
      frame: 'integer',
      analysis_id: 'text',
      source: 'text not null',
      code: 'text not null',
      title: 'text not null',
      confidence: 'real',
      threshold: 'real',
      box: 'text',
      evidence: 'text not null',
      status: 'text not null',
      text: 'text',
      reason: 'text',
      reviewed_by: 'text',
      reviewed_at: 'text',
      created_at: 'text not null',
    },
    { key: ['id'], references: [OF_STUDY, OF_SERIES, OF_INSTANCE, { columns: ['analysis_id'], table: 'analysis', key: ['id'] }] },
  );
  await createTenantIndex('finding', ['study_instance_uid', 'created_at'], { name: 'finding_study' });
  await createTenantIndex('finding', ['series_instance_uid'], { name: 'finding_series' });
  await createTenantIndex('finding', ['sop_instance_uid'], { name: 'finding_instance' });
  await createTenantIndex('finding', ['analysis_id'], { name: 'finding_analysis' });
}

async function createReports({ createTenantTable, createTenantIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'report',
    {
      id: 'text not null',
      study_instance_uid: 'text not null',
      version: 'integer not null',
      amends: 'text',
      status: 'text not null',
      locale: 'text not null',
      sections: 'text not null',
      finding_ids: 'text not null',
      amendment_reason: 'text',
      signed_content: 'text',
      content_sha256: 'text',
      signed_by: 'text',
      signed_at: 'text',
      signature_meaning: 'text',
      pdf_status: 'text not null',
      pdf_blob_key: 'text',
      created_at: 'text not null',
      updated_at: 'text not null',
    },
    {
      key: ['id'],
      // Also the index by study.
      unique: [['study_instance_uid', 'version']],
      references: [OF_STUDY, { columns: ['amends'], table: 'report', key: ['id'] }],
    },
  );
  await createTenantIndex('report', ['amends']);
  const named = { name: 'report_blob', where: (index: CreateIndexBuilder<string>) => index.where('pdf_blob_key', 'is not', null) };
  await createTenantIndex('report', ['pdf_blob_key'], named);
}

async function createRest({ createTenantTable, createTenantIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'prediction',
    {
      id: 'text not null',
      image_filename: 'text not null',
      model_name: 'text not null',
      model_version: 'text not null',
      model_digest: 'text not null',
      input_digest: 'text not null',
      prediction_class: 'text',
      confidence_score: 'real',
      probabilities: 'text not null',
      abstained: 'integer not null',
      abstention_reason: 'text',
      out_of_distribution_score: 'real',
      processing_time: 'real not null',
      created_by: 'text not null',
      created_at: 'text not null',
    },
    { key: ['id'] },
  );
  await createTenantIndex('prediction', ['created_at', 'id'], { name: 'prediction_created' });
  await createTenantIndex('prediction', ['prediction_class', 'created_at', 'id'], { name: 'prediction_class' });

  await createTenantTable('event', {
    seq: 'numbered',
    type: 'text not null',
    topic: 'text not null',
    study_instance_uid: 'text',
    payload: 'text not null',
    created_at: 'text not null',
  });
  await createTenantIndex('event', ['topic', 'seq']);
  await createTenantIndex('event', ['seq']);

  await createTenantTable(
    'peer',
    {
      id: 'text not null',
      ae_title: 'text not null',
      host: 'text not null',
      port: 'integer not null',
      tls: 'integer not null',
      may_store: 'integer not null',
      may_query: 'integer not null',
      may_retrieve: 'integer not null',
      created_at: 'text not null',
    },
    { key: ['id'], unique: [['ae_title']] },
  );
}
