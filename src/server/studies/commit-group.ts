import type { AuditTrail } from '../platform/audit.ts';
import type { NewAuditEntry } from '../platform/audit-entry.ts';
import type { AtEnd, CommitGroup, Database, SystemTx, Tx } from '../platform/ports.ts';
import type { Visibility } from '../platform/visibility.ts';

/** Most writes that one transaction takes, so that a burst does not hold the lock for long. */
const MAX_GROUP = 64;

type Owner = { tenantId: string; visibility: Visibility };
type Write<T> = Owner & {
  run: (tx: Tx, done: Set<string>, atEnd: AtEnd) => Promise<T>;
  entries: ((value: T) => readonly NewAuditEntry[]) | undefined;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
};

export type GroupDeps = { database: Database; append: AuditTrail['append'] };

/**
 * Group commit: what queued during the last commit shares the next transaction, and so one fsync, whichever tenant it belongs to; each
 * write sees its own tenant. If a shared transaction fails, each write is repeated alone, so that one bad write cannot fail its
 * neighbors. Their audit entries are written together, after all else: the end of a tenant's chain is locked until the commit.
 */
export function openCommitGroup({ database, append }: GroupDeps): (owner: Owner) => CommitGroup {
  const queue: Write<unknown>[] = [];
  let busy = false;

  const drain = async (): Promise<void> => {
    busy = true;
    // One turn of the event loop lets writes that are ready at the same time join.
    await new Promise(setImmediate);
    while (queue.length > 0) await commit({ database, append }, queue.splice(0, MAX_GROUP));
    busy = false;
  };

  return (owner) => (run, entries) =>
    new Promise((resolve, reject) => {
      // The queue forgets the type of each result; the functions of one write always belong together.
      queue.push({ ...owner, run, resolve, reject, entries } as Write<unknown>);
      if (!busy) void drain();
    });
}

async function commit(deps: GroupDeps, group: Write<unknown>[]): Promise<void> {
  try {
    const results = await deps.database.system.transaction().execute((shared) => writeAll(deps, shared, group));
    for (const [index, { resolve }] of group.entries()) resolve(results[index]);
  } catch (error) {
    const [only] = group;
    if (group.length === 1 && only) only.reject(error);
    else for (const write of group) await commit(deps, [write]);
  }
}

/** What the writes of one tenant in one transaction share: what is done, what is left for the end, what is told to the audit trail. */
type Note = { owner: Owner; done: Set<string>; last: Map<string, Parameters<AtEnd>[1]>; told: NewAuditEntry[] };

async function writeAll(deps: GroupDeps, shared: SystemTx, group: Write<unknown>[]): Promise<unknown[]> {
  const values: unknown[] = [];
  const notes = new Map<string, Note>();
  let entered: { owner: Owner; tx: Tx } | undefined;
  const enter = async (owner: Owner): Promise<Tx> => {
    if (!entered || !sameOwner(entered.owner, owner))
      entered = { owner, tx: await deps.database.enter(shared, owner.tenantId, owner.visibility) };
    return entered.tx;
  };
  for (const write of group) {
    const { done, last, told } = noteOf(notes, write);
    const atEnd: AtEnd = (name, work) => {
      last.delete(name);
      last.set(name, work);
    };
    const value = await write.run(await enter(write), done, atEnd);
    values.push(value);
    told.push(...(write.entries?.(value) ?? []));
  }
  for (const { owner, last } of notes.values()) for (const work of last.values()) await work(await enter(owner));
  await appendAll(deps, shared, notes);
  return values;
}

/** In the order of the tenants' ids, so that two groups never wait for each other. */
async function appendAll({ database, append }: GroupDeps, shared: SystemTx, notes: ReadonlyMap<string, Note>): Promise<void> {
  for (const [tenantId, { told }] of [...notes].sort(([a], [b]) => (a < b ? -1 : 1)))
    if (told.length > 0) await append(await database.enter(shared, tenantId), tenantId, told);
}

function sameOwner(a: Owner, b: Owner): boolean {
  return a.tenantId === b.tenantId && a.visibility === b.visibility;
}

function noteOf(notes: Map<string, Note>, owner: Owner): Note {
  const known = notes.get(owner.tenantId);
  if (known) return known;
  const note: Note = { owner, done: new Set(), last: new Map(), told: [] };
  notes.set(owner.tenantId, note);
  return note;
}
