import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { type EventMessage, type EventType, listEvents } from '../../contract/events.ts';
import { getWhoAmI } from '../../contract/identity.ts';
import { ApiProblem, call } from '../api.ts';
import { useRights } from '../rights.ts';
import { type LiveSocket, type LiveState, openLiveConnection, type SocketHandlers } from './connection.ts';
import { openRefresher, type Refresher } from './stale-queries.ts';

const POLL_PAGE = 500;

/** The one connection of this page. */
const connection = openLiveConnection({
  openSocket,
  poll: (since) => call(listEvents, { query: { since, limit: POLL_PAGE } }),
  wasAnswered: (error) => error instanceof ApiProblem && error.kind !== 'unreachable',
  hasSession: () =>
    call(getWhoAmI).then(
      () => true,
      (error: unknown) => !(error instanceof ApiProblem && error.status === 401),
    ),
  random: Math.random,
  backoff: { firstMs: 500, mostMs: 30_000 },
  pingMs: 20_000,
  pollMs: 5_000,
});
const refreshers = new WeakMap<QueryClient, Refresher>();

/** Follows the network and the page's being looked at. Call once. */
export function watchNetwork(): void {
  if (!navigator.onLine) connection.setOnline(false);
  window.addEventListener('online', () => connection.setOnline(true));
  window.addEventListener('offline', () => connection.setOnline(false));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && connection.wake());
}

/** Hears nothing more: the session is over, or is about to be. Whoever signs in next joins anew. */
export function endLive(): void {
  connection.end();
}

/** How the page hears of changes at present. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(connection.subscribe, connection.state);
}

/**
 * Listens to a room (docs/live-events.md) while the component is shown, over the page's one connection; whoever's role hears no events joins
 * nothing. Queries that an event makes stale are loaded anew by themselves (`stale-queries.ts`): most screens need no more than `useEvents(room)`.
 *
 * @param room undefined: none yet
 * @param types that `handler` is called for; all of the room unless told
 * @param onMissed called when events may have been missed, and once when the room is heard at first
 */
export function useEvents(
  room: string | undefined,
  types?: readonly EventType[],
  handler?: (event: EventMessage) => void,
  onMissed?: () => void,
): void {
  const queryClient = useQueryClient();
  const may = useRights()?.('event:read') === true;
  const latest = useRef({ types, handler, onMissed });
  latest.current = { types, handler, onMissed };
  useEffect(() => {
    if (room === undefined || !may) return;
    const refresher = refresherOf(queryClient);
    return connection.join(room, {
      take: (event) => {
        refresher.take(event);
        const { types: wanted, handler: handle } = latest.current;
        // A type that this page does not know is in no list.
        if (handle && (!wanted || wanted.includes(event.type as EventType))) handle(event);
      },
      missed: () => {
        refresher.missed();
        latest.current.onMissed?.();
      },
    });
  }, [room, may, queryClient]);
}

function refresherOf(queryClient: QueryClient): Refresher {
  const refresher = refreshers.get(queryClient) ?? openRefresher(queryClient);
  refreshers.set(queryClient, refresher);
  return refresher;
}

function openSocket({ opened, told, closed }: SocketHandlers): LiveSocket {
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/ws/events`);
  socket.addEventListener('open', opened);
  socket.addEventListener('message', ({ data }) => told(String(data)));
  socket.addEventListener('close', ({ code }) => closed(code));
  const close = (): void => {
    // One that is not open yet cannot be closed without the browser calling it an error.
    if (socket.readyState === WebSocket.CONNECTING) socket.addEventListener('open', () => socket.close());
    else socket.close();
  };
  return { send: (text) => socket.send(text), close };
}
