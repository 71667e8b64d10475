import { hash } from 'node:crypto';
import type { AuditEntry } from '../../contract/audit.ts';
import { canonicalJson } from '../../reporting/canonical-json.ts';

/** Names the fields of an entry, so that a later form can never be mistaken for this one. */
export const ENTRY_FORM = 'isocenter-audit/1';
/** What stands before the first entry and the first checkpoint. */
export const GENESIS = '0'.repeat(64);

/** An entry as it is hashed and exported. */
export type ChainedEntry = { form: typeof ENTRY_FORM; tenant_id: string } & AuditEntry;
/** What an entry says, without its place in the chain. */
export type EntryContent = Omit<AuditEntry, 'seq' | 'previous_hash' | 'hash'>;
/** The last entry of a chain; `seq` 0 and `GENESIS` if there is none. */
export type ChainHead = { seq: number; hash: string };

/** Gives entries their places behind `head`, in their order. */
export function chainEntries(tenantId: string, head: ChainHead, contents: readonly EntryContent[]): ChainedEntry[] {
  let { seq, hash: previous_hash } = head;
  return contents.map((content) => {
    seq += 1;
    const body = { form: ENTRY_FORM, tenant_id: tenantId, seq, ...content, previous_hash } as const;
    const entry = { ...body, hash: digestOf(body) };
    previous_hash = entry.hash;
    return entry;
  });
}

/** The hash that an entry must have for what it says and where it stands. @throws {CanonicalJsonError} for what JSON cannot carry */
export function entryHash({ hash: _, ...body }: ChainedEntry): string {
  return digestOf(body);
}

/** SHA-256 of the canonical JSON (RFC 8785) in UTF-8, 64 hexadecimal digits. */
export function digestOf(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'hex');
}
