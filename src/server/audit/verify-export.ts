import type { KeyObject } from 'node:crypto';
import type { AuditCheckpoint } from '../../contract/audit.ts';
import { CanonicalJsonError, canonicalJson } from '../../reporting/canonical-json.ts';
import type { AuditProblem } from './audit-problem.ts';
import { type ChainedEntry, ENTRY_FORM, entryHash, GENESIS } from './chain.ts';
import { CHECKPOINT_FORM, checkpointHash, isSignedBy } from './checkpoint.ts';
import { openSequence } from './entry-sequence.ts';
import { EXPORT_FORM, type ExportHeader } from './export-header.ts';

/** More than these are not listed: after the first, the trail is not to be relied on anyway. */
const MAX_PROBLEMS = 1_000;

export type Verification = {
  tenant_id: string;
  entries: number;
  checkpoints: number;
  /** Of the entries that the export covers. */
  first_seq: number;
  last_seq: number;
  problems: AuditProblem[];
};
export type VerifyOptions = {
  publicKey: KeyObject;
  /** Checkpoints that were kept elsewhere: they find an end that was cut before the export was made. */
  checkpoints?: readonly AuditCheckpoint[];
};

/**
 * Checks an export by itself: every entry against its hash, its neighbors and the signed checkpoints, and both ends against the signed
 * header. Any byte that is not as the export wrote it is found.
 */
export async function verifyExport(
  lines: AsyncIterable<string | undefined> | Iterable<string | undefined>,
  { publicKey, checkpoints = [] }: VerifyOptions,
): Promise<Verification> {
  const problems: AuditProblem[] = [];
  const tell = (problem: AuditProblem): void => {
    if (problems.length < MAX_PROBLEMS) problems.push(problem);
  };
  let reader: ReturnType<typeof openReader> | undefined;
  let line = 0;
  for await (const text of lines) {
    line += 1;
    const value = text === undefined ? undefined : readLine(text);
    if (value === undefined) tell({ kind: 'unreadable', line, detail: 'The line is not in the form that the export writes' });
    else if (reader) reader.take(value, line);
    else if (isHeader(value)) reader = openReader(value, { publicKey, checkpoints, tell });
    else tell({ kind: 'unreadable', line, detail: 'Only the header can come before the entries' });
  }
  if (reader) return { ...reader.end(), problems };
  tell({ kind: 'unreadable', detail: 'The export has no header' });
  return { tenant_id: '', entries: 0, checkpoints: 0, first_seq: 0, last_seq: 0, problems };
}

type Reading = Required<VerifyOptions> & { tell: (problem: AuditProblem) => void };

function openReader(header: ExportHeader, { publicKey, checkpoints, tell }: Reading) {
  const sequence = openSequence(header, tell);
  const expected = expectations(header, checkpoints, { publicKey, tell });
  let count = 0;
  let before: AuditCheckpoint | undefined;
  if (!isSignedBy(header, publicKey)) tell({ kind: 'forged', line: 1, detail: 'The header is not signed with this key' });

  const takeEntry = (entry: ChainedEntry, line: number): void => {
    const { seq } = entry;
    if (entry.tenant_id !== header.tenant_id) tell({ kind: 'inserted', line, seq, detail: `Entry ${seq} belongs to another tenant` });
    if (entryHash(entry) !== entry.hash) tell({ kind: 'changed', line, seq, detail: `Entry ${seq} does not have its hash` });
    sequence.take(entry, line);
    expected.compare(seq, entry.hash, line);
  };
  const takeCheckpoint = (checkpoint: AuditCheckpoint, line: number): void => {
    const { number, seq } = checkpoint;
    count += 1;
    if (checkpoint.tenant_id !== header.tenant_id) tell({ kind: 'inserted', line, detail: `Checkpoint ${number} is another tenant's` });
    if (!isSignedBy(checkpoint, publicKey)) tell({ kind: 'forged', line, detail: `Checkpoint ${number} is not signed with this key` });
    if (before && number !== before.number + 1)
      tell({ kind: 'removed', line, detail: `Checkpoint ${number} follows checkpoint ${before.number}` });
    const previous = before ? checkpointHash(before) : number === 1 ? GENESIS : checkpoint.previous_checkpoint;
    if (previous !== checkpoint.previous_checkpoint)
      tell({ kind: 'replaced', line, detail: `Checkpoint ${number} names another one before it` });
    if (!checkpoint.intact)
      tell({ kind: 'changed', line, seq, detail: `Checkpoint ${number} itself says that the entries before it were broken` });
    before = checkpoint;
    const held = sequence.hashAt(seq);
    if (held !== undefined && held !== checkpoint.hash)
      tell({ kind: 'replaced', line, seq, detail: `Entry ${seq} is not the one that checkpoint ${number} vouches for` });
  };

  return {
    take: (value: unknown, line: number): void => {
      if (isEntry(value)) takeEntry(value, line);
      else if (isCheckpoint(value)) takeCheckpoint(value, line);
      else tell({ kind: 'unreadable', line, detail: 'The line is neither an entry nor a checkpoint' });
    },
    end: (): Omit<Verification, 'problems'> => {
      const entries = sequence.end();
      if (count !== header.checkpoints)
        tell({ kind: 'removed', detail: `${header.checkpoints} checkpoints were exported, ${count} are here` });
      const { tenant_id, first_seq, last_seq } = header;
      return { tenant_id, entries, checkpoints: count, first_seq, last_seq };
    },
  };
}

/** What checkpoints from elsewhere say of entries of the export. */
function expectations(header: ExportHeader, checkpoints: readonly AuditCheckpoint[], { publicKey, tell }: Omit<Reading, 'checkpoints'>) {
  const bySeq = new Map<number, AuditCheckpoint>();
  for (const checkpoint of checkpoints) {
    const { number, seq } = checkpoint;
    if (checkpoint.tenant_id !== header.tenant_id) continue;
    if (!isSignedBy(checkpoint, publicKey)) tell({ kind: 'forged', detail: `The kept checkpoint ${number} is not signed with this key` });
    else if (header.is_head && checkpoint.at <= header.at && seq > header.last_seq)
      tell({
        kind: 'truncated',
        seq,
        detail: `The kept checkpoint ${number} vouches for entry ${seq}; the export ends with ${header.last_seq}`,
      });
    else bySeq.set(seq, checkpoint);
  }
  return {
    compare: (seq: number, hash: string, line: number): void => {
      const kept = bySeq.get(seq);
      if (kept && kept.hash !== hash)
        tell({ kind: 'replaced', line, seq, detail: `Entry ${seq} is not the one that the kept checkpoint ${kept.number} vouches for` });
    },
  };
}

/** The value of a line; undefined if it is not in the one spelling that the export writes. */
function readLine(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return canonicalJson(value) === text ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof CanonicalJsonError) return undefined;
    throw error;
  }
}

/** The text of the form decides what a line is; all that is used further is checked to be of its type. */
function hasForm<T>(value: unknown, form: string, texts: readonly string[], numbers: readonly string[]): value is T {
  if (typeof value !== 'object' || value === null || !('form' in value) || value.form !== form) return false;
  const fields = value as Record<string, unknown>;
  return texts.every((name) => typeof fields[name] === 'string') && numbers.every((name) => Number.isSafeInteger(fields[name]));
}

function isEntry(value: unknown): value is ChainedEntry {
  return hasForm<ChainedEntry>(value, ENTRY_FORM, ['tenant_id', 'at', 'previous_hash', 'hash'], ['seq']);
}

function isCheckpoint(value: unknown): value is AuditCheckpoint {
  const texts = ['tenant_id', 'at', 'hash', 'previous_checkpoint', 'key_id', 'signature'];
  return hasForm<AuditCheckpoint>(value, CHECKPOINT_FORM, texts, ['number', 'seq']);
}

function isHeader(value: unknown): value is ExportHeader {
  const texts = ['tenant_id', 'at', 'previous_hash', 'last_hash', 'key_id', 'signature'];
  return hasForm<ExportHeader>(value, EXPORT_FORM, texts, ['first_seq', 'last_seq', 'checkpoints']);
}
