import type { EventMessage } from '../../contract/events.ts';
import type { GrantedPermission } from '../../contract/permission.ts';
import { mayDo, type Principal, requirePermission } from '../platform/auth.ts';
import { parseColumn } from '../platform/json.ts';
import type { OpenScope } from '../platform/scope.ts';
import type { Visibility } from '../platform/visibility.ts';
import type { EventRow } from './queries.ts';
import { listVisible } from './repository.ts';

/** What each topic needs, by how it begins; the first that fits. */
const RIGHTS = [
  ['diagnosis:', 'diagnosis:read'],
  ['security', 'audit:read'],
  ['', 'event:read'],
] as const satisfies readonly (readonly [string, GrantedPermission])[];
type Right = (typeof RIGHTS)[number][1];

/** How much of the events of a tenant somebody sees, for each right that a topic may need. */
export type Sight = {
  tenantId: string;
  of: ReadonlyMap<Right, Visibility>;
  /** Whether the state of the installation is seen. */
  seesSystem: boolean;
  /** Two of a tenant that see the same have the same. */
  key: string;
};

/** Of a principal, as its rights are now. */
export function sightOf(principal: Principal): Sight {
  const held = RIGHTS.map(([, right]) => right).filter((right) => mayDo(principal, right));
  const of = new Map(held.map((right) => [right, requirePermission(principal, right).visibility]));
  const seesSystem = mayDo(principal, 'system:read');
  return { tenantId: principal.tenant_id, of, seesSystem, key: JSON.stringify([seesSystem, ...of]) };
}

/** Whether somebody with this sight may listen to a room at all; what is told there is still looked at one by one. */
export function mayJoin(sight: Sight, room: string): boolean {
  return sight.of.has(rightFor(room)) || (room === 'system' && sight.seesSystem);
}

/** Whether the database need not be asked which events are seen. */
export function seesAll({ of }: Sight): boolean {
  return [...of.values()].every(({ kind }) => kind === 'tenant');
}

/** Says which of some events of one tenant a sight shows; asks the database once for each limited visibility, however many have it. */
export type SightCheck<R extends EventRow> = (sight: Sight) => Promise<readonly R[]>;

export function checkSight<R extends EventRow>({ scope }: { scope: OpenScope }, tenantId: string, rows: readonly R[]): SightCheck<R> {
  const asked = new Map<string, Promise<Set<number>>>();
  const seqs = rows.filter(({ study_instance_uid }) => study_instance_uid !== null).map(({ seq }) => seq);
  const seenWith = (visibility: Visibility): Promise<Set<number>> => {
    const key = JSON.stringify(visibility);
    const known = asked.get(key);
    if (known) return known;
    const answer =
      seqs.length === 0 ? Promise.resolve(new Set<number>()) : scope(tenantId, visibility).then(({ db }) => listVisible(db, seqs));
    asked.set(key, answer);
    return answer;
  };
  return async (sight) => {
    if (sight.tenantId !== tenantId) return [];
    const seen = new Map<Right, Set<number>>();
    for (const [right, visibility] of sight.of) if (visibility.kind !== 'tenant') seen.set(right, await seenWith(visibility));
    return rows.filter((row) => {
      const right = rightFor(row.topic);
      if (!sight.of.has(right)) return false;
      // What happens to the whole installation tells of no study.
      const isEverybodys = row.topic === 'system' && row.study_instance_uid === null;
      return isEverybodys || (seen.get(right)?.has(row.seq) ?? true);
    });
  };
}

/** An event as clients get it. */
export function messageOf({ seq, type, created_at, topic, payload }: EventRow): EventMessage {
  return { seq, type, at: created_at, topic, data: parseColumn<Record<string, unknown>>(payload) };
}

function rightFor(topic: string): Right {
  return RIGHTS.find(([beginning]) => topic.startsWith(beginning))?.[1] ?? 'event:read';
}
