import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { AuditCheckpoint } from '../src/contract/audit.ts';
import { exportLines, type Span } from '../src/server/audit/export-lines.ts';
import { makeCheckpoint } from '../src/server/audit/make-checkpoint.ts';
import { splitLines } from '../src/server/audit/split-lines.ts';
import { openAuditTrail } from '../src/server/audit/trail.ts';
import { type Verification, type VerifyOptions, verifyExport } from '../src/server/audit/verify-export.ts';
import type { AuditTrail } from '../src/server/platform/audit.ts';
import type { NewAuditEntry } from '../src/server/platform/audit-entry.ts';
import type { Database, Db } from '../src/server/platform/ports.ts';
import { DEFAULT_TENANT } from '../src/server/platform/scope.ts';

/** A trail on a database of a test, with a clock that only moves when told. */
export type TestTrail = {
  trail: AuditTrail;
  db: Db;
  clock: { time: number };
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** The next writes fail with this. */
  breakWith: (error: Error | undefined) => void;
  checkpoint(): Promise<AuditCheckpoint | undefined>;
  exportText(span?: Span): Promise<string>;
};

const PSEUDONYM_KEY = new Uint8Array(32).fill(7);

export function openTestTrail(database: Database, tenantId: string = DEFAULT_TENANT): TestTrail {
  const clock = { time: Date.parse('2026-03-01T08:00:00.000Z') };
  const now = (): Date => new Date(clock.time);
  const db = database.tenant(tenantId);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  let broken: Error | undefined;
  const write = async (tenant: string, entries: readonly NewAuditEntry[]): Promise<void> => {
    if (broken) throw broken;
    await database
      .tenant(tenant)
      .transaction()
      .execute((tx) => trail.append(tx, tenant, entries));
  };
  const trail = openAuditTrail({ tenantDb: (tenant) => database.tenant(tenant), write, pseudonymKey: PSEUDONYM_KEY, now });
  return {
    trail,
    db,
    clock,
    privateKey,
    publicKey,
    breakWith: (error) => {
      broken = error;
    },
    checkpoint: () => makeCheckpoint({ db, tenantId, trail, privateKey, now }),
    exportText: async (span = {}) => {
      let text = '';
      for await (const line of exportLines({ db, tenantId, privateKey, now }, span)) text += line;
      return text;
    },
  };
}

/** Verifies the text of an export as the command line does. */
export async function verifyText(text: string | Uint8Array, options: VerifyOptions): Promise<Verification> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  return verifyExport(splitLines(pieces()), options);
}

/** An act of a radiologist on a study. */
export function act(more: Partial<NewAuditEntry> = {}): NewAuditEntry {
  return {
    actor: { kind: 'user', id: 'user-1', name: 'reader', role: 'radiologist' },
    action: 'access',
    operation: 'GET /api/v1/studies/:study_instance_uid',
    source: '127.0.0.1',
    ...more,
  };
}

/** Another key than the trail's. */
export function foreignKey(): KeyObject {
  return generateKeyPairSync('ed25519').publicKey;
}
