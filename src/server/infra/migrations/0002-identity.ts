import type { CreateIndexBuilder, Kysely } from 'kysely';
import { openTableMaker, type TableMaker } from './table-maker.ts';

const OF_USER = { columns: ['user_id'], table: 'app_user', key: ['id'], onDelete: 'cascade' } as const;
const OF_STUDY = { columns: ['study_instance_uid'], table: 'study', onDelete: 'cascade' } as const;

/** People, their ways of signing in, the keys of machines, shared links, and what keeps guessing slow. */
export async function createIdentityTables(db: Kysely<unknown>): Promise<void> {
  const make = openTableMaker(db);
  await extendAccounts(db, make);
  await createSessions(db, make);
  await createKeysAndLinks(make);
  await createRequests(make);
  await createSecondFactors(make);
  await createSingleSignOn(make);
  await createEmergencyAccess(db, make);
}

async function extendAccounts(db: Kysely<unknown>, { createTenantIndex }: TableMaker): Promise<void> {
  const columns = [
    'email',
    'email_confirmed_at',
    'specialization',
    'license_number',
    'hospital',
    'phone',
    'patient_key',
    'password_changed_at',
  ];
  for (const column of columns) await db.schema.alterTable('app_user').addColumn(column, 'text').execute();
  const where = (index: CreateIndexBuilder<string>) => index.where('email', 'is not', null);
  await createTenantIndex('app_user', ['email'], { unique: true, where });
}

/** Sessions are short-lived: those of before are not taken along. */
async function createSessions(
  db: Kysely<unknown>,
  { createTenantTable, createTenantIndex, createIndex, createTable }: TableMaker,
): Promise<void> {
  await db.schema.dropTable('session').execute();
  await createTenantTable(
    'session',
    {
      id: 'text not null',
      token_hash: 'text not null',
      user_id: 'text',
      share_link_id: 'text',
      method: 'text not null',
      provider_id: 'text',
      strong_at: 'text',
      must_enroll: 'integer not null',
      ip: 'text not null',
      device: 'text not null',
      created_at: 'text not null',
      last_used_at: 'text not null',
      expires_at: 'text not null',
      idle_seconds: 'integer not null',
    },
    { key: ['id'], references: [OF_USER] },
  );
  // Looked up before the tenant is known.
  await createIndex('session', ['token_hash'], { unique: true });
  await createTenantIndex('session', ['user_id', 'last_used_at'], { name: 'session_user' });
  await createTenantIndex('session', ['provider_id'], { where: (index) => index.where('provider_id', 'is not', null) });
  await createTenantIndex('session', ['share_link_id'], { name: 'session_share_link' });
  await createTenantIndex('session', ['expires_at'], { name: 'session_expiry' });
  await createTenantTable(
    'refresh_token',
    { token_hash: 'text not null', session_id: 'text not null', created_at: 'text not null', used_at: 'text' },
    { key: ['token_hash'], references: [{ columns: ['session_id'], table: 'session', key: ['id'], onDelete: 'cascade' }] },
  );
  await createIndex('refresh_token', ['token_hash'], { unique: true });
  await createTenantIndex('refresh_token', ['session_id'], { name: 'refresh_token_session' });
  await createTable(
    'signing_key',
    {
      kid: 'text not null',
      public_key: 'text not null',
      private_key: 'text not null',
      created_at: 'text not null',
      signs_until: 'text not null',
      verifies_until: 'text not null',
    },
    { key: ['kid'] },
  );
  await createTenantTable(
    'login_failure',
    { key: 'text not null', failures: 'integer not null', last_at: 'text not null', locked_until: 'text' },
    { key: ['key'] },
  );
  await createTenantIndex('login_failure', ['last_at']);
}

async function createKeysAndLinks({ createTenantTable, createTenantIndex, createIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'api_key',
    {
      id: 'text not null',
      name: 'text not null',
      prefix: 'text not null',
      secret_hash: 'text not null',
      role: 'text not null',
      permissions: 'text',
      requests_per_hour: 'integer',
      created_by: 'text',
      created_at: 'text not null',
      expires_at: 'text',
      last_used_at: 'text',
      revoked_at: 'text',
    },
    { key: ['id'] },
  );
  await createIndex('api_key', ['prefix'], { unique: true });
  await createTenantIndex('api_key', ['created_at', 'id'], { name: 'api_key_created' });
  await createTenantTable(
    'share_link',
    {
      id: 'text not null',
      secret_hash: 'text not null',
      study_instance_uid: 'text not null',
      report_id: 'text',
      note: 'text not null',
      password_hash: 'text',
      created_by: 'text not null',
      created_at: 'text not null',
      expires_at: 'text not null',
      last_used_at: 'text',
      uses: 'integer not null',
      revoked_at: 'text',
    },
    { key: ['id'], references: [OF_STUDY, { columns: ['report_id'], table: 'report', key: ['id'], onDelete: 'cascade' }] },
  );
  await createIndex('share_link', ['secret_hash'], { unique: true });
  await createTenantIndex('share_link', ['study_instance_uid', 'created_at'], { name: 'share_link_study' });
  await createTenantIndex('share_link', ['created_at', 'id'], { name: 'share_link_created' });
  await createTenantIndex('share_link', ['report_id'], { name: 'share_link_report' });
}

async function createRequests({ createTenantTable, createTenantIndex, createIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'one_time_link',
    {
      id: 'text not null',
      kind: 'text not null',
      secret_hash: 'text not null',
      user_id: 'text',
      content: 'text not null',
      created_by: 'text not null',
      created_at: 'text not null',
      expires_at: 'text not null',
      used_at: 'text',
    },
    { key: ['id'], references: [OF_USER] },
  );
  await createIndex('one_time_link', ['secret_hash'], { unique: true });
  await createTenantIndex('one_time_link', ['user_id']);
  await createTenantIndex('one_time_link', ['expires_at']);
  await createTenantTable(
    'registration',
    {
      id: 'text not null',
      username: 'text not null',
      full_name: 'text not null',
      email: 'text',
      password_hash: 'text not null',
      specialization: 'text',
      license_number: 'text',
      hospital: 'text',
      phone: 'text',
      ip: 'text not null',
      created_at: 'text not null',
    },
    { key: ['id'] },
  );
  await createTenantIndex('registration', ['created_at', 'id'], { name: 'registration_created' });
}

async function createSecondFactors({ createTenantTable, createTenantIndex, createIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'totp_factor',
    {
      user_id: 'text not null',
      secret: 'text not null',
      created_at: 'text not null',
      confirmed_at: 'text',
      // A code is good once: only later time steps than this count.
      last_step: 'big',
    },
    { key: ['user_id'], references: [OF_USER] },
  );
  await createTenantTable(
    'recovery_code',
    { user_id: 'text not null', code_hash: 'text not null', created_at: 'text not null', used_at: 'text' },
    { key: ['user_id', 'code_hash'], references: [OF_USER] },
  );
  await createTenantTable(
    'passkey',
    {
      credential_id: 'text not null',
      user_id: 'text not null',
      public_key: 'text not null',
      counter: 'big not null',
      transports: 'text not null',
      name: 'text not null',
      backed_up: 'integer not null',
      created_at: 'text not null',
      last_used_at: 'text',
    },
    { key: ['credential_id'], references: [OF_USER] },
  );
  await createIndex('passkey', ['credential_id'], { unique: true });
  await createTenantIndex('passkey', ['user_id']);
  await createTenantTable(
    'login_challenge',
    {
      id: 'text not null',
      kind: 'text not null',
      secret_hash: 'text not null',
      user_id: 'text',
      content: 'text not null',
      created_at: 'text not null',
      expires_at: 'text not null',
    },
    { key: ['id'], references: [OF_USER] },
  );
  await createIndex('login_challenge', ['secret_hash'], { unique: true });
  await createTenantIndex('login_challenge', ['expires_at']);
  await createTenantIndex('login_challenge', ['user_id']);
}

async function createSingleSignOn({ createTenantTable, createTenantIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'identity_provider',
    {
      id: 'text not null',
      name: 'text not null',
      issuer: 'text not null',
      client_id: 'text not null',
      client_secret: 'text',
      scopes: 'text not null',
      role_claim: 'text not null',
      role_map: 'text not null',
      default_role: 'text',
      links_by_email: 'integer not null',
      provisions: 'integer not null',
      acr_values: 'text',
      is_active: 'integer not null',
      created_at: 'text not null',
    },
    { key: ['id'], unique: [['name']] },
  );
  await createTenantTable(
    'identity_link',
    {
      provider_id: 'text not null',
      subject: 'text not null',
      user_id: 'text not null',
      created_at: 'text not null',
      last_used_at: 'text',
    },
    {
      key: ['provider_id', 'subject'],
      references: [OF_USER, { columns: ['provider_id'], table: 'identity_provider', key: ['id'], onDelete: 'cascade' }],
    },
  );
  await createTenantIndex('identity_link', ['user_id']);
}

async function createEmergencyAccess(db: Kysely<unknown>, { createTenantTable, createTenantIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'break_glass',
    {
      id: 'text not null',
      user_id: 'text not null',
      study_instance_uid: 'text',
      patient_key: 'text',
      reason: 'text not null',
      created_at: 'text not null',
      expires_at: 'text not null',
      ended_at: 'text',
    },
    { key: ['id'], references: [OF_USER] },
  );
  await createTenantIndex('break_glass', ['user_id', 'expires_at'], {
    name: 'break_glass_open',
    where: (index) => index.where('ended_at', 'is', null),
  });
  await createTenantIndex('break_glass', ['created_at', 'id'], { name: 'break_glass_created' });
  await db.schema.alterTable('study_assignment').addColumn('break_glass_id', 'text').execute();
  await createTenantIndex('study_assignment', ['break_glass_id'], {
    name: 'study_assignment_break_glass',
    where: (index) => index.where('break_glass_id', 'is not', null),
  });
}
