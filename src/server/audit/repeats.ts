import type { NewAuditEntry } from '../platform/audit-entry.ts';

/** Repeats within this time of the first are counted instead of written. */
const WINDOW_MS = 60_000;
/** Kinds of act that are counted at a time; more end the oldest early. */
const MAX_COUNTED = 10_000;

/** Parts of a study: a viewer asks for hundreds of them to show one. */
const PARTS = new Set(['series', 'instance', 'frame']);

export type Repeats = {
  /** What is to be written now: all but the repeats. */
  take(tenantId: string, entries: readonly NewAuditEntry[], now: Date): NewAuditEntry[];
  /** Entries that tell how often something was repeated, for windows that ended before `now`; for all with `everything`. */
  end(now: Date, options?: { everything?: boolean }): { tenantId: string; entry: NewAuditEntry }[];
  /** Whether anything is being counted. */
  isEmpty(): boolean;
};

type Counted = { tenantId: string; first: NewAuditEntry; since: number; repeats: number };

/**
 * Keeps the trail readable, and small under a flood. The same reading by the same person (of any part of a study, where it is one), and
 * refusals of nobody in particular, are written the first time; further ones within a minute are counted, and the count is written when
 * the minute is over. So it is on the disk at once who looked at what, and with a minute's delay how often.
 */
export function openRepeats(): Repeats {
  const counted = new Map<string, Counted>();
  let ended: Counted[] = [];

  const isRepeat = (tenantId: string, entry: NewAuditEntry, now: number): boolean => {
    const key = keyOf(tenantId, entry);
    if (key === undefined) return false;
    const known = counted.get(key);
    if (known && now - known.since < WINDOW_MS) {
      known.repeats += 1;
      return true;
    }
    if (known) ended.push(known);
    counted.delete(key);
    counted.set(key, { tenantId, first: entry, since: now, repeats: 0 });
    const [oldest] = counted;
    if (counted.size > MAX_COUNTED && oldest) {
      counted.delete(oldest[0]);
      ended.push(oldest[1]);
    }
    return false;
  };

  return {
    take: (tenantId, entries, now) => entries.filter((entry) => !isRepeat(tenantId, entry, now.getTime())),
    end: (now, { everything = false } = {}) => {
      for (const [key, known] of counted) {
        // In the order of their beginnings.
        if (!everything && now.getTime() - known.since < WINDOW_MS) break;
        counted.delete(key);
        ended.push(known);
      }
      const over = ended.filter(({ repeats }) => repeats > 0);
      ended = [];
      return over.map(({ tenantId, first, repeats }) => ({ tenantId, entry: countOf(first, repeats) }));
    },
    isEmpty: () => counted.size === 0 && ended.length === 0,
  };
}

/** What makes two acts the same; undefined for an act that is never counted. */
function keyOf(tenantId: string, entry: NewAuditEntry): string | undefined {
  const { actor, action, operation, object, study_instance_uid, patient_id, outcome = 'success', reason, source, purpose, details } = entry;
  const who = [tenantId, actor.kind, actor.id, source, purpose, action, outcome];
  if (outcome !== 'success') return actor.kind === 'anonymous' ? JSON.stringify([...who, operation, reason]) : undefined;
  if (action !== 'access' && action !== 'search') return undefined;
  const isPart = object !== undefined && PARTS.has(object.type) && study_instance_uid;
  return JSON.stringify(isPart ? [...who, study_instance_uid] : [...who, operation, object, study_instance_uid, patient_id, details]);
}

function countOf(first: NewAuditEntry, repeats: number): NewAuditEntry {
  const { object, ...entry } = first;
  const study = first.study_instance_uid;
  const isPart = object !== undefined && PARTS.has(object.type) && study;
  const about = isPart ? { type: 'study', id: study } : object;
  return { ...entry, ...(about ? { object: about } : {}), details: { ...first.details, repeats } };
}
