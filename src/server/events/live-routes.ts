import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { WebSocket } from 'ws';
import { ClientMessage, Room } from '../../contract/events.ts';
import type { MetricSample, MetricsMessage } from '../../contract/metrics.ts';
import { entryOf } from '../platform/act.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { authorize } from '../platform/route.ts';
import type { SystemMetrics } from '../system/metrics.ts';
import { type Connection, type Connections, openConnections } from './connections.ts';
import { openGate } from './gate.ts';
import { type HubDeps, openHub } from './hub.ts';
import { type LiveClientDeps, openLiveClient } from './live-client.ts';
import { mayJoin, sightOf } from './sight.ts';
import { serverSentEvent, webSocketFrame } from './told.ts';

/** Largest message of a client, in bytes. */
const MAX_MESSAGE = 4_096;
/** Messages that a client may send from one heartbeat to the next. */
const MOST_MESSAGES = 200;
/** How long a client has for its part of closing when the server stops. */
const CLOSE_GRACE_MS = 1_000;
const SSE_RETRY_MS = 2_000;
/**
 * Connections that are let in, looked at or caught up with at a time: when a process has ended everybody comes at once, and what happens
 * meanwhile must not wait behind all of them for the database.
 */
const AT_A_TIME = 4;

const Since = Type.Optional(Type.Integer({ minimum: 0 }));
const RoomQuery = Type.Object({ since: Since, rooms: Type.Optional(Type.String({ maxLength: 4_000 })) });
const DiagnosisParams = Type.Object({ diagnosis_id: Type.String({ pattern: '^[0-9A-Za-z-]{1,64}$' }) });

type Deps = Omit<HubDeps, 'onError'> & { config: { liveHeartbeatMs: number }; metrics: SystemMetrics };
type Live = LiveClientDeps & { connections: Connections };
type Caller = { principal: Principal; rooms: string[]; since: number | undefined };

/**
 * What happens, as it happens: WebSocket (`/ws/…`) and Server-Sent Events. Every connection carries a session, token or key like a request, and
 * is refused to pages of other origins (`protection.ts`).
 */
export async function liveRoutes(http: FastifyInstance, deps: Deps): Promise<void> {
  const onError = (error: unknown): void => http.log.error({ err: error }, 'live events failed');
  const gate = openGate(AT_A_TIME);
  const connections = openConnections({ heartbeatMs: deps.config.liveHeartbeatMs, gate, onError });
  const hub = openHub({ ...deps, onError, onAccessChange: connections.lookAgain });
  const systemState = (): string | undefined => {
    const latest = deps.metrics.latest();
    return latest && metricsText(latest);
  };
  const live: Live = { ...deps, hub, gate, connections, systemState, onError };
  const tell = (sample: MetricSample): void => {
    const text = metricsText(sample);
    for (const listener of hub.listeners('system')) listener.hear(text);
  };
  deps.metrics.onSample(tell, () => hub.listeners('system').length > 0);
  await http.register(websocket, {
    options: { maxPayload: MAX_MESSAGE, perMessageDeflate: false },
    errorHandler: () => {},
    preClose: closeSockets,
  });
  // What is refused before the plugin has seen it would stay open: no parser reads from such a connection any more.
  http.addHook('onResponse', async ({ raw }) => {
    if (raw.headers.upgrade !== undefined) raw.socket.destroy();
  });
  http.addHook('preClose', async () => {
    connections.close();
    await hub.close();
  });

  const callers = new WeakMap<FastifyRequest, Caller & { response: ServerResponse }>();
  const door = (url: string, roomsOf: (request: FastifyRequest) => string[]): void => {
    http.route({
      method: 'GET',
      url,
      onRequest: async (request, { raw }) => {
        const rooms = roomsOf(request);
        callers.set(request, { ...(await gate(() => admit(http, connections, { request, rooms }))), response: raw });
      },
      handler: async () => {
        throw new AppError('not-acceptable', 'This is a WebSocket');
      },
      wsHandler: (socket, request) => {
        const caller = callers.get(request);
        if (!caller) return;
        letGo(socket, request.raw.socket, caller.response);
        openSocket(http, live, { socket, request, caller });
      },
    });
  };
  door('/ws/analysis', () => ['analysis']);
  door('/ws/system', () => ['system']);
  door('/ws/diagnosis/:diagnosis_id', ({ params }) => [`diagnosis:${checked(DiagnosisParams, params).diagnosis_id}`]);
  door('/ws/events', ({ query }) => roomsOf(checked(RoomQuery, query).rooms ?? ''));

  http.get('/api/v1/events/stream', async (request, reply) => {
    const rooms = roomsOf(checked(RoomQuery, request.query).rooms ?? 'all');
    openStream(http, live, { request, reply, caller: await gate(() => admit(http, connections, { request, rooms })) });
    return reply;
  });
}

/** @throws {AppError} `unauthenticated`, `forbidden`, `invalid-request`, `too-many-requests` */
async function admit(
  http: FastifyInstance,
  connections: Connections,
  { request, rooms }: { request: FastifyRequest; rooms: string[] },
): Promise<Caller> {
  // A page opens and keeps these by itself: that is nobody at work, and keeps no session awake.
  request.headers['x-isocenter-background'] = '1';
  const { principal, act } = await authorize(http, request, { permission: 'session', action: 'access' });
  const resumed = request.headers['last-event-id'];
  const { since } = checked(RoomQuery, resumed === undefined ? request.query : { since: resumed });
  const sight = sightOf(principal);
  if (!rooms.every((room) => mayJoin(sight, room)) || (sight.of.size === 0 && !sight.seesSystem)) {
    http.audit.note(act.tenantId, entryOf(act, { outcome: 'refused', reason: 'forbidden' }));
    throw new AppError('forbidden', `The role ${principal.role} may not listen to this`);
  }
  connections.requireRoom(principal);
  http.audit.note(act.tenantId, entryOf(act));
  return { principal, rooms, since };
}

type Opened = { request: FastifyRequest; caller: Caller };

function openSocket(http: FastifyInstance, live: Live, { socket, request, caller }: Opened & { socket: WebSocket }): void {
  let answered = true;
  let messages = 0;
  const { socket: connected } = request.raw;
  const client = openLiveClient(
    live,
    {
      form: webSocketFrame,
      // Between two messages of the other's own, which are written whole as well.
      write: (frame) => {
        if (socket.readyState === socket.OPEN) connected.write(frame);
      },
      send: (text) => socket.send(text, { binary: false }),
      together: (write) => together(connected, write),
      buffered: () => socket.bufferedAmount,
      close: (code, reason) => socket.close(code, reason),
    },
    { sight: sightOf(caller.principal), rooms: caller.rooms, since: caller.since },
  );
  const connection: Connection = {
    client,
    principal: caller.principal,
    authenticate: http.authenticateAgain(request),
    probe: () => {
      const alive = answered;
      answered = false;
      messages = 0;
      socket.ping();
      return alive;
    },
    close: (code, reason) => socket.close(code, reason),
    drop: () => socket.terminate(),
  };
  const ended = live.connections.add(connection);
  connected.on('drain', () => client.drained());
  socket.on('close', ended);
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('message', (data, isBinary) => {
    messages += 1;
    if (messages > MOST_MESSAGES) return socket.close(1008, 'Too many messages');
    const message = isBinary ? undefined : parseMessage(String(data));
    if (message?.type === 'join') client.join(message.room, message.since);
    else if (message?.type === 'leave') client.leave(message.room);
    else if (message?.type === 'ping') client.say({ type: 'pong' });
    else client.say({ type: 'error', code: 'invalid-request', detail: 'A message is JSON: join or leave with a room, or ping' });
  });
}

function openStream(http: FastifyInstance, live: Live, { request, reply, caller }: Opened & { reply: FastifyReply }): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  raw.write(`retry: ${SSE_RETRY_MS}\n\n`);
  let stuck = 0;
  const client = openLiveClient(
    live,
    {
      form: serverSentEvent,
      write: (bytes) => raw.write(bytes),
      send: (text) => raw.write(serverSentEvent(text)),
      together: (write) => together(raw, write),
      buffered: () => raw.writableLength,
      close: () => raw.end(),
    },
    { sight: sightOf(caller.principal), rooms: caller.rooms, since: caller.since },
  );
  const connection: Connection = {
    client,
    principal: caller.principal,
    authenticate: http.authenticateAgain(request),
    // Nobody answers here: what was written before has to have gone out.
    probe: () => {
      stuck = raw.writableLength === 0 ? 0 : stuck + 1;
      raw.write(': \n\n');
      return stuck < 2;
    },
    close: () => raw.end(),
    drop: () => raw.destroy(),
  };
  const ended = live.connections.add(connection);
  raw.on('drain', () => client.drained());
  raw.on('close', ended);
}

/** What asked for the connection does not stay in memory with it: the answer that was never sent, and the request. */
function letGo(socket: WebSocket, connected: Socket, response: ServerResponse): void {
  response.detachSocket(connected);
  // The plugin's own, which keeps the request. The socket closes itself, and says why: too large a message (1009), no UTF-8 (1007).
  socket.removeAllListeners('error');
  socket.on('error', () => {});
}

function together(stream: Writable, write: () => void): void {
  stream.cork();
  write();
  stream.uncork();
}

/** Asks every client to close, and does not wait long for it. */
function closeSockets(this: FastifyInstance, done: () => void): void {
  const { clients } = this.websocketServer;
  for (const socket of clients) socket.close(1001, 'The server is stopping');
  setTimeout(() => {
    for (const socket of clients) socket.terminate();
  }, CLOSE_GRACE_MS).unref();
  this.websocketServer.close();
  done();
}

function roomsOf(text: string): string[] {
  const rooms = [...new Set(text.split(','))].filter((room) => room !== '');
  if (rooms.length > 100 || !rooms.every((room) => Value.Check(Room, room)))
    throw new AppError('invalid-request', 'Rooms are all, analysis, system, security, study:…, diagnosis:… and upload:…, at most 100');
  return rooms;
}

function metricsText(sample: MetricSample): string {
  const message: MetricsMessage = { type: 'system_metrics', seq: null, at: sample.timestamp, topic: 'system', data: sample };
  return JSON.stringify(message);
}

function parseMessage(text: string): ClientMessage | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return Value.Check(ClientMessage, message) ? message : undefined;
  } catch {
    return undefined;
  }
}

function checked<S extends TSchema>(schema: S, value: unknown): Static<S> {
  const converted = Value.Convert(schema, value);
  if (!Value.Check(schema, converted)) throw new AppError('invalid-request', 'The query is not valid');
  return converted as Static<S>;
}
