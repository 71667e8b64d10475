import type { TenantTable } from '../platform/schema.ts';

/** A column that holds what `sealText` gave, with `row` of its place being the value of the column `row`. */
export type SealedColumn = { table: TenantTable; column: string; row: string };

/** Every sealed column, so that a change of keys reaches all of them. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'retention_hold', column: 'reason', row: 'id' },
  { table: 'erasure', column: 'reason', row: 'id' },
];
