import type { KeyObject } from 'node:crypto';
import type { AuditCheckpoint } from '../../contract/audit.ts';
import { canonicalJson } from '../../reporting/canonical-json.ts';
import type { Db } from '../platform/ports.ts';
import { type ChainedEntry, GENESIS } from './chain.ts';
import { signStatement } from './checkpoint.ts';
import { EXPORT_FORM, type ExportHeader } from './export-header.ts';
import { findCheckpointUpTo, findHead, findSpan, listChain, listCheckpointsIn } from './repository.ts';

/** Entries that are read and held at a time. */
const PAGE = 500;

export type ExportDeps = { db: Db; tenantId: string; privateKey: KeyObject; now: () => Date };
export type Span = { from?: string; to?: string };

/** A span of the chain: the places of its entries. Entries lie in the order in which they were written, so it has no holes. */
export type ChainSpan = { first: number; last: number; isHead: boolean };

/** The entries of a span of time, and all that were written between them. */
export async function findChainSpan(db: Db, span: Span): Promise<ChainSpan> {
  const found = await findSpan(db, span);
  const head = await findHead(db);
  if (!found) return { first: head.seq + 1, last: head.seq, isHead: span.to === undefined };
  return { ...found, isHead: span.to === undefined || found.last === head.seq };
}

/** Entries in their order, a page at a time. */
export async function* readChain(
  db: Db,
  tenantId: string,
  { first, last }: { first: number; last: number },
): AsyncGenerator<ChainedEntry[]> {
  for (let next = first; next <= last; ) {
    const page = await listChain(db, tenantId, { fromSeq: next, toSeq: last, limit: PAGE });
    const end = page.at(-1);
    if (!end) return;
    yield page;
    next = end.seq + 1;
  }
}

/**
 * The trail as lines of canonical JSON: a signed header, each entry, and each checkpoint behind the entry that it vouches for. It can be
 * verified with the public key alone.
 */
export async function* exportLines({ db, tenantId, privateKey, now }: ExportDeps, span: Span): AsyncGenerator<string> {
  const { first, last, isHead } = await findChainSpan(db, span);
  const checkpoints = await listCheckpointsIn(db, tenantId, { first: first - 1, last });
  const [end] = last >= first ? await listChain(db, tenantId, { fromSeq: last, toSeq: last, limit: 1 }) : [];
  const [begin] = last >= first ? await listChain(db, tenantId, { fromSeq: first, toSeq: first, limit: 1 }) : [];
  const previous_hash = begin?.previous_hash ?? (await hashBehind(db, tenantId, last));
  const header = {
    form: EXPORT_FORM,
    tenant_id: tenantId,
    at: now().toISOString(),
    first_seq: first,
    last_seq: last,
    previous_hash,
    last_hash: end?.hash ?? previous_hash,
    checkpoints: checkpoints.length,
    is_head: isHead,
  } as const;
  yield lineOf(signStatement(header, privateKey));
  let next = 0;
  const checkpointsUpTo = function* (seq: number): Generator<string> {
    for (let due = checkpoints[next]; due && due.seq <= seq; due = checkpoints[next]) {
      next += 1;
      yield lineOf(due);
    }
  };
  yield* checkpointsUpTo(first - 1);
  for await (const page of readChain(db, tenantId, { first, last })) {
    for (const entry of page) {
      yield lineOf(entry);
      yield* checkpointsUpTo(entry.seq);
    }
  }
}

/** Where a chain stands whose entries are all gone, or that has none. */
async function hashBehind(db: Db, tenantId: string, seq: number): Promise<string> {
  return (await findCheckpointUpTo(db, tenantId, seq))?.hash ?? GENESIS;
}

function lineOf(value: ChainedEntry | AuditCheckpoint | ExportHeader): string {
  return `${canonicalJson(value)}\n`;
}
