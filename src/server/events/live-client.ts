import type { ControlMessage } from '../../contract/events.ts';
import { AppError } from '../platform/errors.ts';
import type { Gate } from './gate.ts';
import type { Hub, Listener } from './hub.ts';
import { pageOf, type ReadDeps, readEvents, requireKept } from './read-events.ts';
import { mayJoin, type Sight, seesAll } from './sight.ts';
import { type Form, type Told, toldOf } from './told.ts';

/** A reader for whom this much waits to be sent gets nothing more until most of it is gone. */
const MOST_BUFFERED = 1_048_576;
const FEW_BUFFERED = 65_536;
/** Read at a time for who catches up. */
const PAGE = 200;
const MOST_ROOMS = 100;

/** The way to one client, whatever the protocol. */
export type Outlet = {
  /** How the protocol writes an event. */
  form: Form;
  /** An event in that form. */
  write(bytes: Buffer): void;
  /** JSON of what is no event. */
  send(text: string): void;
  /** What is written meanwhile goes out at once. */
  together(write: () => void): void;
  /** Bytes that wait to be sent. */
  buffered(): number;
  /** Ends the connection in order. Codes as in RFC 6455 7.4. */
  close(code: number, reason: string): void;
};

export type LiveClientDeps = ReadDeps & {
  hub: Hub;
  /** Through which what was missed is read. */
  gate: Gate;
  /** The latest state of the installation, as the room `system` is told; undefined before there is one. */
  systemState: () => string | undefined;
  onError: (error: unknown) => void;
};
export type LiveClient = {
  /** With `since`, what the room was told after that number comes first; what other rooms have told of it comes again. */
  join(room: string, since?: number): void;
  leave(room: string): void;
  say(message: ControlMessage): void;
  /** What is seen from now on. */
  look(sight: Sight): void;
  /** Something has been sent. */
  drained(): void;
  close(): void;
};

type Join = { room: string; since: number | undefined };
type State = {
  deps: LiveClientDeps;
  outlet: Outlet;
  sight: Sight;
  rooms: Set<string>;
  joins: Join[];
  /**
   * `behind`: reads for itself, from `cursor` on; `live`: is given everything by the hub; `slow`: is given nothing until what waits
   * has been sent.
   */
  mode: 'behind' | 'live' | 'slow' | 'closed';
  /** Up to where everything has been sent, while `behind`. */
  cursor: number;
  /** Number of the last event that was sent, or did not need to be. */
  last: number;
  pumping: boolean;
  roomToSend: (() => void) | undefined;
  listener: Listener;
};

/**
 * One client that listens: first what it has missed, from what was handed out of late or from the table, then what the hub gives it, in order
 * and each event once. What waits to be sent to it is bounded: when it is too slow it is told what it missed, and goes on from there.
 *
 * @param since everything after this number is told; only what is new unless told
 */
export function openLiveClient(
  deps: LiveClientDeps,
  outlet: Outlet,
  { sight, rooms, since }: { sight: Sight; rooms: readonly string[]; since?: number | undefined },
): LiveClient {
  const listener: Listener = {
    sight: () => state.sight,
    take: (events) => take(state, events),
    hear: (text) => hear(state, text),
    fallBehind: () => fallBehind(state),
  };
  const state: State = {
    deps,
    outlet,
    sight,
    rooms: new Set(),
    joins: [],
    mode: 'behind',
    cursor: deps.hub.position(),
    last: 0,
    pumping: false,
    roomToSend: undefined,
    listener,
  };
  void begin(state, rooms, since);
  return {
    join: (room, from) => {
      if (state.joins.length + state.rooms.size >= MOST_ROOMS)
        return refuse(state, 'too-many-requests', `A connection is in ${MOST_ROOMS} rooms at most`);
      state.joins.push({ room, since: from });
      if (state.mode === 'live') fallBehind(state);
    },
    leave: (room) => {
      leaveRoom(state, room);
      say(state, { type: 'left', room });
    },
    say: (message) => say(state, message),
    look: (next) => look(state, next),
    drained: () => drained(state),
    close: () => close(state),
  };
}

async function begin(state: State, rooms: readonly string[], since: number | undefined): Promise<void> {
  state.pumping = true;
  try {
    await state.deps.hub.start();
    state.cursor = state.deps.hub.position();
    if (since !== undefined && (await isKept(state, since))) state.cursor = since;
    for (const room of rooms) await admit(state, { room, since: undefined });
  } catch (error) {
    return fail(state, error);
  } finally {
    state.pumping = false;
  }
  void pump(state);
}

/** Brings a client that is behind up to the hub's position, one page at a time, each when the one before has gone out. */
async function pump(state: State): Promise<void> {
  if (state.pumping) return;
  state.pumping = true;
  try {
    while (state.mode === 'behind') {
      await roomToSend(state);
      const join = state.joins.shift();
      if (join) await admit(state, join);
      else if (state.cursor < state.deps.hub.position())
        state.cursor = await sendPage(state, state.rooms, [state.cursor, state.deps.hub.position()]);
      else if (state.mode === 'behind') goLive(state, state.cursor);
    }
  } catch (error) {
    fail(state, error);
  } finally {
    state.pumping = false;
  }
}

function goLive(state: State, seq: number): void {
  state.mode = 'live';
  state.last = seq;
}

function fallBehind(state: State): void {
  if (state.mode !== 'live') return;
  state.mode = 'behind';
  state.cursor = state.deps.hub.position();
  void pump(state);
}

/** Lets a client into a room, after what the room was told since a number that lies behind. */
async function admit(state: State, { room, since }: Join): Promise<void> {
  if (!mayJoin(state.sight, room)) return refuse(state, 'forbidden', `There is no right to listen to ${room}`);
  if (state.rooms.has(room)) return;
  if (since !== undefined && since < state.cursor && (await isKept(state, since))) {
    for (let at = since; at < state.cursor && state.mode === 'behind'; ) {
      at = await sendPage(state, new Set([room]), [at, state.cursor]);
      await roomToSend(state);
    }
  }
  if (state.mode === 'closed') return;
  state.rooms.add(room);
  state.deps.hub.enter(state.listener, room);
  say(state, { type: 'joined', room, seq: state.cursor });
  const known = room === 'system' ? state.deps.systemState() : undefined;
  if (known !== undefined) hear(state, known);
}

/** Sends the next events after the first number, up to the second, and returns how far that went. */
async function sendPage(state: State, rooms: ReadonlySet<string>, [since, upTo]: [number, number]): Promise<number> {
  if (rooms.size === 0) return upTo;
  const { deps, outlet, sight } = state;
  const page = { since, upTo, rooms, limit: PAGE };
  const known = deps.hub.recent().list(sight.tenantId, { ...page, limit: PAGE + 1 });
  const read = () => (known ? pageOf(deps, sight, known, page) : readEvents(deps, sight, page));
  const { items, last } = known && seesAll(sight) ? await read() : await deps.gate(read);
  if (state.mode !== 'closed')
    outlet.together(() => {
      for (const row of items) outlet.write(toldOf(row).as(outlet.form));
    });
  return last;
}

function take(state: State, events: readonly Told[]): void {
  if (events.length > 1) state.outlet.together(() => takeEach(state, events));
  else takeEach(state, events);
}

function takeEach(state: State, events: readonly Told[]): void {
  const { outlet } = state;
  for (const event of events) {
    // In several of its rooms an event comes several times.
    if (state.mode !== 'live' || event.seq <= state.last) continue;
    if (outlet.buffered() > MOST_BUFFERED) {
      state.mode = 'slow';
      return;
    }
    state.last = event.seq;
    outlet.write(event.as(outlet.form));
  }
}

function hear(state: State, text: string): void {
  if (state.mode === 'closed' || !state.sight.seesSystem || state.outlet.buffered() > MOST_BUFFERED) return;
  state.outlet.send(text);
}

function drained(state: State): void {
  if (state.outlet.buffered() > FEW_BUFFERED) return;
  state.roomToSend?.();
  state.roomToSend = undefined;
  if (state.mode !== 'slow') return;
  const seq = state.deps.hub.position();
  say(state, { type: 'digest', after: state.last, seq });
  goLive(state, seq);
  if (state.joins.length > 0) fallBehind(state);
}

async function roomToSend(state: State): Promise<void> {
  if (state.mode === 'closed' || state.outlet.buffered() <= MOST_BUFFERED) return;
  await new Promise<void>((resolve) => {
    state.roomToSend = resolve;
  });
}

function look(state: State, next: Sight): void {
  if (next.key === state.sight.key) return;
  state.sight = next;
  for (const room of state.rooms) {
    if (mayJoin(next, room)) continue;
    leaveRoom(state, room);
    refuse(state, 'forbidden', `There is no right to listen to ${room} any more`);
  }
}

function leaveRoom(state: State, room: string): void {
  state.joins = state.joins.filter((join) => join.room !== room);
  if (state.rooms.delete(room)) state.deps.hub.leave(state.listener, room);
}

async function isKept(state: State, since: number): Promise<boolean> {
  const { hub } = state.deps;
  if (hub.recent().covers(since)) await hub.checkRecent();
  if (hub.recent().covers(since)) return true;
  try {
    await state.deps.gate(() => requireKept(state.deps, since, hub.position()));
    return true;
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'events-gone')) throw error;
    say(state, { type: 'gone', seq: state.cursor });
    return false;
  }
}

function refuse(state: State, code: string, detail: string): void {
  say(state, { type: 'error', code, detail });
}

function say(state: State, message: ControlMessage): void {
  if (state.mode !== 'closed') state.outlet.send(JSON.stringify(message));
}

/** The client comes again and asks for what it missed. */
function fail(state: State, error: unknown): void {
  if (state.mode === 'closed') return;
  state.deps.onError(error);
  close(state);
  state.outlet.close(1011, 'The server failed');
}

function close(state: State): void {
  for (const room of state.rooms) state.deps.hub.leave(state.listener, room);
  state.rooms.clear();
  state.joins = [];
  state.mode = 'closed';
  state.roomToSend?.();
}
