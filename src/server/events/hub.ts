import type { EventType } from '../../contract/events.ts';
import type { EventSignal, SystemDb } from '../platform/ports.ts';
import type { OpenScope } from '../platform/scope.ts';
import { ANALYSIS, keepRecent, type Recent } from './recent.ts';
import { countEvents, findLastSeq, listAllEventsAfter, type TenantEventRow } from './repository.ts';
import { checkSight, messageOf, type Sight } from './sight.ts';
import { type Told, toldOf } from './told.ts';
import { openTurns } from './turns.ts';

/** Read at a time. */
const BATCH = 500;
/** Looked for without a wake-up, in case one was lost. */
const POLL_MS = 5_000;
const ACCESS_CHANGED: EventType = 'access_changed';

export type Listener = {
  sight(): Sight;
  /** Gets the events of its rooms that its sight shows, in order; one more than once if it is in several of its rooms. */
  take(events: readonly Told[]): void;
  /** Gets what is not kept, and may be missed. */
  hear(text: string): void;
  /** There is something after `position` for it that it has not been given: it reads that for itself. */
  fallBehind(): void;
};

export type HubDeps = { systemDb: SystemDb; scope: OpenScope; eventSignal: EventSignal; onError: (error: unknown) => void };
/** Called with what tells that somebody may do less; nothing after it is told before this is done. */
export type OnAccessChange = (tenantId: string, whose: ReadonlySet<string> | 'everybody') => Promise<void>;
/** Reads the events of all tenants once for all who listen in this process. */
export type Hub = {
  /** Resolves when `position` is known. */
  start(): Promise<void>;
  /** Up to which number everything has been given to the listeners. */
  position(): number;
  /** What has been given to them of late. */
  recent(): Recent;
  /** Forgets `recent` where events of it were removed since, by age or with a patient who was erased; who asks at the same time asks once. */
  checkRecent(): Promise<void>;
  enter(listener: Listener, room: string): void;
  leave(listener: Listener, room: string): void;
  /** Whoever is in a room, of any tenant. */
  listeners(room: string): Listener[];
  close(): Promise<void>;
};
type Rooms = Map<string, Set<Listener>>;
type State = HubDeps & { onAccessChange: OnAccessChange; position: number; recent: Recent; tenants: Map<string, Rooms> };

/** Begins to read when the first listener comes. */
export function openHub(deps: HubDeps & { onAccessChange: OnAccessChange }): Hub {
  const state: State = { ...deps, position: 0, recent: keepRecent(0), tenants: new Map() };
  let started: Promise<void> | undefined;
  let checking: Promise<void> | undefined;
  let stop = async (): Promise<void> => {};
  const begin = async (): Promise<void> => {
    state.position = await findLastSeq(deps.systemDb);
    state.recent = keepRecent(state.position);
    const { wake, close } = openTurns(() => handOutNew(state), deps);
    const signal = deps.eventSignal.listen(wake);
    const poll = setInterval(wake, POLL_MS).unref();
    stop = async () => {
      clearInterval(poll);
      await signal.close();
      await close();
    };
    wake();
  };
  return {
    start: () => {
      started ??= begin().catch((error: unknown) => {
        started = undefined;
        throw error;
      });
      return started;
    },
    position: () => state.position,
    recent: () => state.recent,
    checkRecent: () => {
      checking ??= checkRecent(state).finally(() => {
        checking = undefined;
      });
      return checking;
    },
    enter: (listener, room) => roomOf(state, listener, room).add(listener),
    leave: (listener, room) => leave(state, listener, room),
    listeners: (room) => [...state.tenants.values()].flatMap((rooms) => [...(rooms.get(room) ?? [])]),
    close: async () => {
      await started?.catch(() => {});
      await stop();
    },
  };
}

async function checkRecent(state: State): Promise<void> {
  const extent = state.recent.extent();
  if ((await countEvents(state.systemDb, extent)) !== extent.count) state.recent = keepRecent(state.position);
}

async function handOutNew(state: State): Promise<void> {
  for (;;) {
    const rows = await listAllEventsAfter(state.systemDb, state.position, BATCH);
    const last = rows.at(-1);
    if (!last) return;
    const owned = Map.groupBy(rows, ({ tenant_id }) => tenant_id);
    await Promise.all([...owned].map(([tenantId, own]) => tellWhoMayLess(state, tenantId, own)));
    const shown = new Map(
      await Promise.all([...owned].map(async ([tenantId, own]) => [tenantId, await shownTo(state, tenantId, own)] as const)),
    );
    // From here on nothing waits: whoever is live gets each event, and `position` says so.
    state.recent.add(rows);
    handOut(state, rows, shown);
    state.position = last.seq;
    if (rows.length < BATCH) return;
  }
}

async function tellWhoMayLess({ onAccessChange }: State, tenantId: string, rows: readonly TenantEventRow[]): Promise<void> {
  const changes = rows.filter(({ type }) => type === ACCESS_CHANGED).map((row) => Object.values(messageOf(row).data).map(String));
  if (changes.length === 0) return;
  await onAccessChange(tenantId, changes.some((ids) => ids.length === 0) ? 'everybody' : new Set(changes.flat()));
}

/** By what is seen (`Sight.key`): which of the rows. */
type Shown = ReadonlyMap<string, ReadonlySet<number>>;

async function shownTo(state: State, tenantId: string, rows: readonly TenantEventRow[]): Promise<Shown> {
  const sights = new Map<string, Sight>();
  for (const row of rows)
    for (const listener of audience(state, row)) {
      const sight = listener.sight();
      sights.set(sight.key, sight);
    }
  const check = checkSight(state, tenantId, rows);
  const seen = async ([key, sight]: [string, Sight]) => [key, new Set((await check(sight)).map(({ seq }) => seq))] as const;
  return new Map(await Promise.all([...sights].map(seen)));
}

/** Each listener gets what is for it at once, so that it goes out together. */
function handOut(state: State, rows: readonly TenantEventRow[], shown: ReadonlyMap<string, Shown>): void {
  const heard = new Map<Listener, Told[]>();
  for (const row of rows) {
    let told: Told | undefined;
    for (const listener of audience(state, row)) {
      const seqs = shown.get(row.tenant_id)?.get(listener.sight().key);
      if (!seqs) listener.fallBehind();
      if (!seqs?.has(row.seq)) continue;
      told ??= toldOf(row);
      const events = heard.get(listener);
      if (events) events.push(told);
      else heard.set(listener, [told]);
    }
  }
  for (const [listener, events] of heard) listener.take(events);
}

/** Whoever is in a room where the event is told. */
function* audience({ tenants }: State, { tenant_id, topic, type }: TenantEventRow): Generator<Listener> {
  const rooms = tenants.get(tenant_id);
  if (!rooms) return;
  yield* rooms.get(topic) ?? [];
  yield* rooms.get('all') ?? [];
  if (ANALYSIS.has(type)) yield* rooms.get('analysis') ?? [];
}

function roomOf({ tenants }: State, listener: Listener, room: string): Set<Listener> {
  const { tenantId } = listener.sight();
  const rooms = tenants.get(tenantId) ?? new Map<string, Set<Listener>>();
  tenants.set(tenantId, rooms);
  const listeners = rooms.get(room) ?? new Set<Listener>();
  rooms.set(room, listeners);
  return listeners;
}

function leave({ tenants }: State, listener: Listener, room: string): void {
  const { tenantId } = listener.sight();
  const rooms = tenants.get(tenantId);
  const listeners = rooms?.get(room);
  listeners?.delete(listener);
  if (listeners?.size === 0) rooms?.delete(room);
  if (rooms?.size === 0) tenants.delete(tenantId);
}
