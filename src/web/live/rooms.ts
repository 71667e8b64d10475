import { ANALYSIS_EVENTS, type EventMessage } from '../../contract/events.ts';

/** Who listens to a room. */
export type RoomListener = {
  take(event: EventMessage): void;
  /** Something may have been missed: what is shown of this room is to be loaded anew. */
  missed(): void;
};

export type RoomState = {
  readonly name: string;
  readonly listeners: Set<RoomListener>;
  /** Up to which number everything of this room has been told; undefined before that is known. */
  last: number | undefined;
  /** Heard on the connection that is open. */
  joined: boolean;
};
export type Rooms = Map<string, RoomState>;

const ANALYSIS: ReadonlySet<string> = new Set(ANALYSIS_EVENTS);

/** Hands an event to whoever listens to a room that it belongs to, once for each room. */
export function handOut(rooms: Rooms, event: EventMessage): void {
  for (const room of rooms.values()) {
    if (!isOf(room.name, event)) continue;
    // Metrics have no number: only the newest are worth anything.
    if (typeof event.seq === 'number' && room.last !== undefined && event.seq <= room.last) continue;
    for (const listener of [...room.listeners]) listener.take(event);
  }
  if (typeof event.seq === 'number') advance(rooms, event.seq);
}

/** Numbers come in order: rooms that are heard have been told everything up to the newest. */
export function advance(rooms: Rooms, seq: number): void {
  for (const room of rooms.values()) if (room.joined) room.last = Math.max(room.last ?? 0, seq);
}

/** Tells every listener that it may have missed something. */
export function tellMissed(rooms: Iterable<RoomState>): void {
  for (const room of [...rooms]) for (const listener of [...room.listeners]) listener.missed();
}

function isOf(room: string, { topic, type }: EventMessage): boolean {
  if (room === 'all') return true;
  return room === 'analysis' ? ANALYSIS.has(type) : room === topic;
}
