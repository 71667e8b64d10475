export const EXPORT_FORM = 'isocenter-audit-export/1';

/** The first line of an export: says, signed, what the export has to hold. */
export type ExportHeader = {
  form: typeof EXPORT_FORM;
  tenant_id: string;
  at: string;
  /** The entries that follow, both included; an empty export ends before it begins. */
  first_seq: number;
  last_seq: number;
  /** Of the entry before the first, and of the last. */
  previous_hash: string;
  last_hash: string;
  /** Checkpoints among the lines. */
  checkpoints: number;
  /** Whether the last entry was the last of the chain at that time. */
  is_head: boolean;
  key_id: string;
  signature: string;
};
