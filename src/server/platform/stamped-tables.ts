import type { TenantTable } from './schema.ts';

/**
 * Tables whose changes are stamped by the database itself (migration 0025): what was read from them alone can be kept, and whether it still
 * holds be asked (docs/adr/0023). A table that nothing costly is read from is not worth what its stamps cost each write.
 */
export const STAMPED_TABLES = [
  'agent_report',
  'analysis',
  'diagnosis',
  'diagnosis_image',
  'discordance',
  'finding',
  'patient',
  'record_entry',
  'record_term',
  'report',
  'setting',
  'study',
  'study_assignment',
  'study_label',
] as const satisfies readonly TenantTable[];

/** The table of the tenants' keys is stamped as well: what was kept before the keys were destroyed holds no more. */
export const KEY_TABLE = 'tenant_key';

/** Whose the stamps are that a change to more than one tenant leaves; no tenant's id can be this. */
export const EVERYBODY = '*';
