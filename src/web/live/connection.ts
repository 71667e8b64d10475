import type { ControlMessage, EventMessage } from '../../contract/events.ts';
import { type Backoff, pauseMs } from './backoff.ts';
import { advance, handOut, type RoomListener, type RoomState, type Rooms, tellMissed } from './rooms.ts';

/** `polling`: no WebSocket gets through, and events are asked for; `offline`: this computer has no network. */
export type LiveState = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'polling' | 'offline';

/** `closed` is told the code of RFC 6455 7.4. */
export type SocketHandlers = { opened(): void; told(text: string): void; closed(code: number): void };
export type LiveSocket = { send(text: string): void; close(): void };
type Polled = { items: readonly EventMessage[]; last: number; done: boolean };

export type LiveDeps = {
  /** Opens `/ws/events`. `closed` is called once, whether or not it was ever open. */
  openSocket(handlers: SocketHandlers): LiveSocket;
  /** Asks for events after a number. */
  poll(since: number): Promise<Polled>;
  /** Whether a failed `poll` was answered at all. */
  wasAnswered(error: unknown): boolean;
  /** Asked when the server says that the session is over: false if nobody is signed in any more. */
  hasSession(): Promise<boolean>;
  random(): number;
  backoff: Backoff;
  /** Between two signs of life that are asked for, and two polls, in milliseconds. */
  pingMs: number;
  pollMs: number;
};

export type LiveConnection = {
  /** Listens to a room; the connection is opened for the first one. @returns what to call when no longer interested */
  join(room: string, listener: RoomListener): () => void;
  state(): LiveState;
  subscribe(listener: () => void): () => void;
  /** Tries again at once: the network is back, or somebody looks at the page again. */
  wake(): void;
  setOnline(online: boolean): void;
  /** Nobody is signed in any more: hears nothing, and tries nothing, until somebody joins again. */
  end(): void;
};

/** The code of a socket whose session is over (docs/live-events.md). */
const SESSION_ENDED = 4401;
/** Without a socket this many tries in a row, events are asked for meanwhile. */
const TRIES_BEFORE_POLLING = 2;
/** A room is heard a little longer than anybody listens: the screen that is entered knows where the one that is left stood. */
const LINGER_MS = 5_000;
/** Who was away longer loads what it shows anew, instead of hearing all of it. */
const LONG_AWAY_MS = 10 * 60_000;
const MOST_PAGES = 10;

type State = LiveDeps & {
  rooms: Rooms;
  value: LiveState;
  watchers: Set<() => void>;
  socket: LiveSocket | undefined;
  open: boolean;
  attempt: number;
  online: boolean;
  heardAtMs: number;
  retry: Timer;
  ping: Timer;
  polling: Polling | undefined;
};
type Timer = ReturnType<typeof setTimeout> | undefined;
type Polling = { over: boolean };

/**
 * One connection for all rooms of the page. A room is told what came after the last number that it has heard, so nothing is missed
 * over a lost connection; where that cannot be known, its listeners are told to load anew. (docs/live-events.md)
 */
export function openLiveConnection(deps: LiveDeps): LiveConnection {
  const state: State = {
    ...deps,
    rooms: new Map(),
    value: 'idle',
    watchers: new Set(),
    socket: undefined,
    open: false,
    attempt: 0,
    online: true,
    heardAtMs: 0,
    retry: undefined,
    ping: undefined,
    polling: undefined,
  };
  return {
    join: (room, listener) => join(state, room, listener),
    state: () => state.value,
    subscribe: (watcher) => {
      state.watchers.add(watcher);
      return () => state.watchers.delete(watcher);
    },
    wake: () => {
      if (state.rooms.size === 0 || state.socket || !state.online) return;
      state.attempt = 0;
      connect(state);
    },
    setOnline: (online) => setOnline(state, online),
    end: () => {
      // The next person may see other things, under the same names.
      state.rooms.clear();
      stop(state);
    },
  };
}

function join(state: State, name: string, listener: RoomListener): () => void {
  const room = state.rooms.get(name) ?? enter(state, name);
  room.listeners.add(listener);
  if (!state.socket && state.retry === undefined && state.online) connect(state);
  return () => {
    room.listeners.delete(listener);
    if (room.listeners.size === 0) setTimeout(() => leave(state, room), LINGER_MS);
  };
}

function leave(state: State, room: RoomState): void {
  if (room.listeners.size > 0 || state.rooms.get(room.name) !== room) return;
  state.rooms.delete(room.name);
  if (state.rooms.size === 0) stop(state);
  else if (state.open) say(state, { type: 'leave', room: room.name });
}

function enter(state: State, name: string): RoomState {
  // What `all` has been told holds for every room, and what is asked of a new one from there on is new to its listeners.
  const all = state.open ? state.rooms.get('all') : undefined;
  const room: RoomState = { name, listeners: new Set(), last: all?.joined ? all.last : undefined, joined: false };
  state.rooms.set(name, room);
  if (state.open) askFor(state, room);
  return room;
}

function connect(state: State): void {
  clearTimeout(state.retry);
  state.retry = undefined;
  show(state, state.attempt === 0 && state.heardAtMs === 0 ? 'connecting' : state.value === 'polling' ? 'polling' : 'reconnecting');
  let over = false;
  const socket = state.openSocket({
    opened: () => !over && opened(state),
    told: (text) => !over && told(state, text),
    closed: (code) => {
      if (over) return;
      over = true;
      if (state.socket === socket) void closed(state, code);
    },
  });
  state.socket = socket;
}

function opened(state: State): void {
  state.open = true;
  state.attempt = 0;
  stopPolling(state);
  const longAway = Date.now() - state.heardAtMs > LONG_AWAY_MS;
  for (const room of state.rooms.values()) {
    if (longAway) room.last = undefined;
    askFor(state, room);
  }
  state.heardAtMs = Date.now();
  show(state, 'connected');
  state.ping = setTimeout(() => ping(state), state.pingMs);
}

function askFor(state: State, { name, last }: RoomState): void {
  say(state, { type: 'join', room: name, ...(last === undefined ? {} : { since: last }) });
}

function told(state: State, text: string): void {
  state.heardAtMs = Date.now();
  const message = JSON.parse(text) as EventMessage | ControlMessage;
  if ('topic' in message) handOut(state.rooms, message);
  else if (message.type === 'joined') joined(state, message);
  else if (message.type === 'gone') {
    // It is unknown to the rooms that are asking just now what they missed: they are told when they are let in.
    for (const room of state.rooms.values()) if (!room.joined) room.last = undefined;
  } else if (message.type === 'digest') {
    advance(state.rooms, message.seq);
    tellMissed(state.rooms.values());
  }
}

function joined(state: State, message: { room: string; seq: number }): void {
  const room = state.rooms.get(message.room);
  if (!room) return;
  const unknown = room.last === undefined;
  room.joined = true;
  room.last = Math.max(room.last ?? 0, message.seq);
  if (unknown) tellMissed([room]);
}

/** A socket that nobody answers on any more looks open for minutes. */
function ping(state: State): void {
  const askedAtMs = Date.now();
  say(state, { type: 'ping' });
  state.ping = setTimeout(() => {
    if (state.heardAtMs >= askedAtMs) state.ping = setTimeout(() => ping(state), state.pingMs);
    else state.socket?.close();
  }, state.pingMs / 2);
}

async function closed(state: State, code: number): Promise<void> {
  forgetSocket(state);
  if (!isWanted(state)) return;
  show(state, state.value === 'polling' ? 'polling' : 'reconnecting');
  // To knock again without a session is only noise.
  if (code === SESSION_ENDED && !(await state.hasSession())) return;
  if (!isWanted(state) || state.socket) return;
  state.retry = setTimeout(() => connect(state), pauseMs(state.attempt, state.backoff, state.random()));
  state.attempt += 1;
  if (state.attempt < TRIES_BEFORE_POLLING || state.polling) return;
  state.polling = { over: false };
  void pollUntilOpen(state, state.polling);
}

function isWanted({ rooms, online }: State): boolean {
  return rooms.size > 0 && online;
}

/** Asks for events until a socket is open again. */
async function pollUntilOpen(state: State, polling: Polling): Promise<void> {
  while (!polling.over) {
    try {
      if (!(await pollPages(state, polling))) tellMissed(state.rooms.values());
      if (!polling.over) show(state, 'polling');
    } catch (error) {
      if (polling.over) return;
      // Refused, or no longer kept: the screens find out for themselves.
      if (state.wasAnswered(error)) tellMissed(state.rooms.values());
      show(state, state.wasAnswered(error) ? 'polling' : 'reconnecting');
    }
    await new Promise((resolve) => setTimeout(resolve, state.pollMs));
  }
}

function stopPolling(state: State): void {
  if (state.polling) state.polling.over = true;
  state.polling = undefined;
}

/** False if it is not known from where on to ask, or there is too much of it. */
async function pollPages(state: State, polling: Polling): Promise<boolean> {
  const known = [...state.rooms.values()].map(({ last }) => last);
  if (known.length === 0 || known.includes(undefined)) return false;
  let since = Math.min(...known.map((last) => last ?? 0));
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, last, done } = await state.poll(since);
    // The socket came meanwhile, and tells the same.
    if (polling.over) return true;
    for (const event of items) handOut(state.rooms, event);
    for (const room of state.rooms.values()) room.last = Math.max(room.last ?? 0, last);
    since = last;
    if (done) return true;
  }
  return false;
}

function setOnline(state: State, online: boolean): void {
  state.online = online;
  if (online) {
    if (state.rooms.size > 0 && !state.socket) connect(state);
    return;
  }
  stop(state);
  show(state, 'offline');
}

function stop(state: State): void {
  const { socket } = state;
  forgetSocket(state);
  clearTimeout(state.retry);
  state.retry = undefined;
  stopPolling(state);
  state.attempt = 0;
  socket?.close();
  show(state, 'idle');
}

function forgetSocket(state: State): void {
  clearTimeout(state.ping);
  state.socket = undefined;
  state.open = false;
  for (const room of state.rooms.values()) room.joined = false;
}

function say(state: State, message: object): void {
  state.socket?.send(JSON.stringify(message));
}

function show(state: State, value: LiveState): void {
  if (state.value === value) return;
  state.value = value;
  for (const watcher of [...state.watchers]) watcher();
}
