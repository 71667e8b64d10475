import type { AuditTrail } from '../platform/audit.ts';
import type { AuditDetails, NewAuditEntry } from '../platform/audit-entry.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { chainEntries, type EntryContent } from './chain.ts';
import { type AuditStateListener, openNotes } from './notes.ts';
import { openOwnerSearch } from './object-owners.ts';
import { patientPseudonym } from './patient-pseudonym.ts';
import { insertEntries, setHeadHash, takePlaces } from './repository.ts';

/** Longest texts that an entry keeps. */
const MAX_ID = 128;
const MAX_OPERATION = 200;
const MAX_DETAIL = 300;
const MAX_DETAILS = 20;

export type TrailDeps = {
  /** A tenant's whole view, for reading. */
  tenantDb: (tenantId: string) => Db;
  /** Hands entries that come without a change of their own back to `append`, in a transaction; durable when it resolves. */
  write: (tenantId: string, entries: readonly NewAuditEntry[]) => Promise<void>;
  pseudonymKey: Uint8Array;
  now: () => Date;
  /** Told in the transaction how far a tenant's chain has come. */
  onAppended?: (tx: Tx, tenantId: string, range: { first: number; last: number }) => Promise<void>;
  onState?: AuditStateListener;
};

/** Opens the audit trail of all tenants. */
export function openAuditTrail(deps: TrailDeps): AuditTrail {
  const { tenantDb, write, pseudonymKey, now, onAppended } = deps;
  const findOwners = openOwnerSearch(now);

  const append: AuditTrail['append'] = async (tx, tenantId, entries) => {
    if (entries.length === 0) return;
    const at = now().toISOString();
    const contents: EntryContent[] = [];
    for (const entry of mergeArrivals(entries))
      contents.push(contentOf(await findOwners(tx, tenantId, entry), { tenantId, pseudonymKey, at }));
    const head = await takePlaces(tx, contents.length);
    const chained = chainEntries(tenantId, head, contents);
    await insertEntries(tx, chained);
    await setHeadHash(tx, chained.at(-1)?.hash ?? head.hash);
    await onAppended?.(tx, tenantId, { first: head.seq + 1, last: head.seq + chained.length });
  };
  const notes = openNotes({
    now,
    prepare: async (tenantId, entry) => findOwners(tenantDb(tenantId), tenantId, entry),
    write,
    ...(deps.onState ? { onState: deps.onState } : {}),
  });

  return {
    append,
    record: (tenantId, entry) => write(tenantId, [entry]),
    note: notes.add,
    requireWritable: (tenantId) => {
      if (notes.isFailing(tenantId))
        throw new AppError('unavailable', 'The audit trail cannot be written at present, so nothing is given out');
    },
    flush: notes.flush,
    close: notes.close,
  };
}

/** Instances of one study that came the same way and are committed together are one entry with their number. */
function mergeArrivals(entries: readonly NewAuditEntry[]): NewAuditEntry[] {
  const merged = new Map<string, NewAuditEntry>();
  for (const [index, entry] of entries.entries()) {
    const { object, details: { instances, ...details } = {}, ...rest } = entry;
    const study = entry.study_instance_uid;
    const key = typeof instances === 'number' && study ? JSON.stringify([rest, details]) : String(index);
    const held = merged.get(key)?.details?.['instances'];
    if (typeof held !== 'number' || typeof instances !== 'number' || !study) merged.set(key, entry);
    else merged.set(key, { ...rest, object: { type: 'study', id: study }, details: { ...details, instances: held + instances } });
  }
  return [...merged.values()];
}

type Making = { tenantId: string; pseudonymKey: Uint8Array; at: string };

/** Every field has its place and its limit: what is not foreseen here is not written. */
function contentOf(entry: NewAuditEntry, { tenantId, pseudonymKey, at }: Making): EntryContent {
  const { actor, object, patient_id } = entry;
  const pseudonym = (id: string): string => patientPseudonym(pseudonymKey, tenantId, id);
  // The id of a record may be made from what names the person.
  const objectId = object?.type === 'patient' && object.id ? pseudonym(object.id) : (object?.id ?? null);
  return {
    at,
    actor_kind: actor.kind,
    actor_id: clean(actor.id, MAX_ID),
    actor_name: clean(actor.name, MAX_ID),
    actor_role: clean(actor.role, MAX_ID),
    action: entry.action,
    operation: clean(entry.operation, MAX_OPERATION) ?? '',
    object_type: clean(object?.type ?? null, MAX_ID),
    object_id: clean(objectId, MAX_ID),
    study_instance_uid: entry.study_instance_uid ?? null,
    patient: patient_id ? pseudonym(patient_id) : null,
    purpose: entry.purpose ?? null,
    outcome: entry.outcome ?? 'success',
    reason: clean(entry.reason ?? null, MAX_ID),
    source: clean(entry.source ?? null, MAX_ID),
    request_id: clean(entry.request_id ?? null, MAX_ID),
    details: cleanDetails(entry.details ?? {}),
  };
}

function cleanDetails(details: AuditDetails): EntryContent['details'] {
  const kept = Object.entries(details)
    .slice(0, MAX_DETAILS)
    .filter(([, value]) => typeof value !== 'number' || Number.isFinite(value))
    .map(([name, value]) => [clean(name, MAX_ID), typeof value === 'string' ? clean(value, MAX_DETAIL) : value]);
  return Object.fromEntries(kept);
}

/** Without what no database or log takes: control characters and halves of surrogate pairs. */
function clean(text: string | null, maxLength: number): string | null {
  return text === null
    ? null
    : text
        .slice(0, maxLength)
        .replaceAll(/\p{Cc}/gu, ' ')
        .toWellFormed();
}
