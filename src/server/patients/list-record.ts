import type { RecordEntry, RecordKind } from '../../contract/patient-record.ts';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import type { Db } from '../platform/ports.ts';
import { listEntries } from './record-repository.ts';

type RecordQuery = { kind?: RecordKind; cursor?: string; limit?: number };

/** A page of the structured record. @throws {AppError} `invalid-request` for a cursor that is none */
export async function listRecord(
  db: Db,
  patientKey: string,
  { kind, cursor, limit = 50 }: RecordQuery,
): Promise<{ items: RecordEntry[]; next_cursor: string | null }> {
  const [afterKind, afterId] = readCursor(cursor, 2) ?? [];
  const after = afterKind && afterId ? { kind: afterKind, id: afterId } : undefined;
  const rows = await listEntries(db, patientKey, { kind, after, limit: limit + 1 });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last ? writeCursor([last.kind, last.id]) : null };
}
