import type { GlobalTables, TenantTable } from '../platform/schema.ts';

/** A column that holds what `sealText` gave; the `row` of its place is the value of the column `row`. */
export type SealedColumn<Table extends string = TenantTable> = { table: Table; column: string; row: string };

/** Every sealed column of the tenants, so that a change of keys reaches all of them. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'retention_hold', column: 'reason', row: 'id' },
  { table: 'patient', column: 'contact_info', row: 'id' },
  { table: 'patient', column: 'emergency_contact', row: 'id' },
  { table: 'erasure', column: 'reason', row: 'id' },
  { table: 'diagnosis_draft', column: 'content', row: 'id' },
  { table: 'totp_factor', column: 'secret', row: 'user_id' },
  { table: 'identity_provider', column: 'client_secret', row: 'id' },
  { table: 'webhook', column: 'secret', row: 'id' },
  { table: 'pseudonym_key', column: 'secret', row: 'id' },
  { table: 'deidentification', column: 'secret', row: 'id' },
];

/** Those of the installation, which are sealed with the keys of the default tenant. */
export const INSTALLATION_COLUMNS: readonly SealedColumn<keyof GlobalTables>[] = [
  { table: 'signing_key', column: 'private_key', row: 'kid' },
];
