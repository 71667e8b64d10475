import type { NewAuditEntry } from '../platform/audit-entry.ts';
import { openRepeats } from './repeats.ts';

/** An entry of a read is on the disk at most this long after the answer; entries of that time share one commit. */
const FLUSH_MS = 20;
/** How long after a failed write it is tried again. */
const RETRY_MS = 500;
/** How often counts of repeats are looked through while there are any. */
const COUNT_MS = 10_000;
/** Entries of one transaction at most. */
const MAX_BATCH = 500;
/** Entries that wait at most; then nothing that needs an entry is done any more. */
const MAX_WAITING = 10_000;

/** Told once when a tenant's entries cannot be written, and once when they can again. */
export type AuditStateListener = (state: 'failing' | 'writing', tenantId: string, error?: unknown) => void;

export type NotesDeps = {
  now: () => Date;
  /** Completes an entry before it is compared and written. */
  prepare: (tenantId: string, entry: NewAuditEntry) => Promise<NewAuditEntry>;
  /** Durable when it resolves. */
  write: (tenantId: string, entries: readonly NewAuditEntry[]) => Promise<void>;
  onState?: AuditStateListener;
};

/** Entries that are written soon, together. */
export type Notes = {
  add(tenantId: string, entry: NewAuditEntry): void;
  /** True from a write that failed, or from too many that wait, until one succeeds. */
  isFailing(tenantId: string): boolean;
  flush(): Promise<void>;
  close(): Promise<void>;
};

type Waiting = { tenantId: string; entry: NewAuditEntry };

/** Nothing is lost while the process lives: what could not be written waits, in its order, and is tried again. */
export function openNotes({ now, prepare, write, onState }: NotesDeps): Notes {
  const repeats = openRepeats();
  const waiting: Waiting[] = [];
  const ready = new Map<string, NewAuditEntry[]>();
  const failing = new Set<string>();
  let running: Promise<void> = Promise.resolve();
  // What goes wrong is told through `onState`, and tried again.
  const alarm = openAlarm(() => void run(false).catch(() => undefined));

  const makeReady = (tenantId: string, entries: NewAuditEntry[]): void => {
    if (entries.length > 0) ready.set(tenantId, [...(ready.get(tenantId) ?? []), ...entries]);
  };
  /** From here on an entry is either ready or counted as a repeat of one that is. */
  const sift = async (): Promise<void> => {
    for (let left = waiting.length; left > 0; left -= MAX_BATCH) {
      const batch = waiting.slice(0, Math.min(left, MAX_BATCH));
      const entries: Waiting[] = [];
      for (const { tenantId, entry } of batch) entries.push({ tenantId, entry: await prepare(tenantId, entry) });
      waiting.splice(0, batch.length);
      for (const [tenantId, own] of Map.groupBy(entries, (item) => item.tenantId)) {
        const fresh = own.map(({ entry }) => entry);
        makeReady(tenantId, repeats.take(tenantId, fresh, now()));
      }
    }
  };
  const writeReady = async (tenantId: string, entries: NewAuditEntry[]): Promise<void> => {
    while (entries.length > 0) {
      const batch = entries.slice(0, MAX_BATCH);
      await write(tenantId, batch);
      entries.splice(0, batch.length);
    }
    ready.delete(tenantId);
    if (failing.delete(tenantId)) onState?.('writing', tenantId);
  };
  const turn = async (everything: boolean): Promise<void> => {
    await sift();
    for (const { tenantId, entry } of repeats.end(now(), { everything })) makeReady(tenantId, [entry]);
    const failures: unknown[] = [];
    for (const [tenantId, entries] of ready) {
      try {
        await writeReady(tenantId, entries);
      } catch (error) {
        if (!failing.has(tenantId)) onState?.('failing', tenantId, error);
        failing.add(tenantId);
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    if (!repeats.isEmpty()) alarm.within(COUNT_MS);
  };
  /** One at a time. @throws what kept entries from being written */
  const run = (everything: boolean): Promise<void> => {
    const next = running.catch(() => undefined).then(() => turn(everything));
    running = next.catch((error: unknown) => {
      alarm.within(RETRY_MS);
      throw error;
    });
    return running;
  };

  return {
    add: (tenantId, entry) => {
      waiting.push({ tenantId, entry });
      alarm.within(failing.size > 0 ? RETRY_MS : FLUSH_MS);
    },
    isFailing: (tenantId) => failing.has(tenantId) || waiting.length > MAX_WAITING,
    flush: () => run(false),
    close: async () => {
      alarm.stop();
      await run(true);
    },
  };
}

/** Rings once, at the earliest of the times that were asked for. */
function openAlarm(ring: () => void): { within(delayMs: number): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = 0;
  let stopped = false;
  return {
    within: (delayMs) => {
      const at = performance.now() + delayMs;
      if (stopped || (timer !== undefined && dueAt <= at)) return;
      clearTimeout(timer);
      dueAt = at;
      timer = setTimeout(() => {
        timer = undefined;
        ring();
      }, delayMs);
      // A process that has nothing else to do closes its parts, which writes what waits.
      timer.unref();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
