import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import type { DicomJson } from '../../dicom/dicom-json.ts';
import { stringifyDicomJson } from '../../dicom/dicom-json.ts';
import { Tag } from '../../dicom/tags.ts';
import { entryOf } from '../platform/act.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import { authorize } from '../platform/route.ts';
import { onChange } from './workitem-events.ts';
import { deleteEvents, listEvents } from './workitem-repository.ts';

/** Reports may come from another process. */
const LOOK_EVERY_MS = 1_000;
/** How often a channel shows that it lives, and its caller is asked for anew. */
const HEARTBEAT_MS = 30_000;
/** Each looks into the database every second. */
const MAX_CHANNELS = 200;
/** Subscribers have nothing to say. */
const MAX_MESSAGE_BYTES = 4_096;
const MAX_MESSAGE_ID = 65_535;
/** Close codes of RFC 6455 7.4.1. */
const POLICY_VIOLATION = 1008;
const SESSION_OVER = 'The session is over';

/** The channel over which a subscriber hears of workitems: Open Event Channel and Send Event Report (PS3.18 11.13, 8.10). */
export async function workitemChannelRoutes(http: FastifyInstance): Promise<void> {
  // One plugin serves every WebSocket of the server.
  if (!http.hasDecorator('websocketServer')) await http.register(websocket, { options: { maxPayload: MAX_MESSAGE_BYTES } });
  let openCount = 0;
  const callers = new WeakMap<FastifyRequest, Db>();
  http.route({
    method: 'GET',
    url: '/dicom-web/subscribers/:aetitle',
    onRequest: async (request) => {
      // It is kept open without anybody at work, so it keeps no session awake.
      request.headers['x-isocenter-background'] = '1';
      const { scope, act } = await authorize(http, request, { permission: 'worklist:read', action: 'access' });
      if (openCount >= MAX_CHANNELS) throw new AppError('too-many-requests', `At most ${MAX_CHANNELS} event channels can be open`);
      http.audit.note(act.tenantId, entryOf(act));
      callers.set(request, scope.db);
    },
    handler: async () => {
      throw new AppError('not-acceptable', 'This is a WebSocket');
    },
    wsHandler: (socket, request) => {
      const db = callers.get(request);
      if (!db) return socket.close(POLICY_VIOLATION);
      openCount += 1;
      socket.once('close', () => {
        openCount -= 1;
      });
      openChannel(http, { db, socket, request });
    },
  });
}

type Channel = { db: Db; socket: WebSocket; request: FastifyRequest };

function openChannel(http: FastifyInstance, channel: Channel): void {
  const { socket, request } = channel;
  const fail = (error: unknown): void => {
    http.log.error({ err: error }, 'workitem events failed');
    socket.terminate();
  };
  const send = sender(http, channel);
  const look = (): void => void send().catch(fail);
  let answered = true;
  const beat = async (): Promise<void> => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
    if (!(await http.authenticate(request).catch(() => undefined))) socket.close(POLICY_VIOLATION, SESSION_OVER);
  };
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('error', () => socket.terminate());
  const timers = [setInterval(look, LOOK_EVERY_MS), setInterval(() => void beat().catch(fail), HEARTBEAT_MS)];
  const stop = onChange(look);
  socket.once('close', () => {
    stop();
    for (const timer of timers) clearInterval(timer);
  });
  look();
}

/** Sends what waits, one batch at a time; it is forgotten when it has gone out. */
function sender(http: FastifyInstance, { db, socket, request }: Channel): () => Promise<void> {
  const { aetitle } = request.params as { aetitle: string };
  let messageId = 0;
  let isBusy = false;
  let isAskedAgain = false;
  const sendWaiting = async (): Promise<void> => {
    for (;;) {
      const events = await listEvents(db, aetitle);
      if (events.length === 0 || socket.readyState !== socket.OPEN) return;
      // Nothing is told to whose session has ended since.
      if (!(await http.authenticateAgain(request)())) return socket.close(POLICY_VIOLATION, SESSION_OVER);
      for (const { payload } of events) {
        messageId = (messageId % MAX_MESSAGE_ID) + 1;
        await sendText(
          socket,
          stringifyDicomJson({ ...parseColumn<DicomJson>(payload), [Tag.MessageID]: { vr: 'US', Value: [messageId] } }),
        );
      }
      await deleteEvents(
        db,
        events.map(({ seq }) => seq),
      );
    }
  };
  return async () => {
    isAskedAgain = true;
    if (isBusy) return;
    isBusy = true;
    try {
      while (isAskedAgain && socket.readyState === socket.OPEN) {
        isAskedAgain = false;
        await sendWaiting();
      }
    } finally {
      isBusy = false;
    }
  };
}

/** Resolves when it has gone to the network. */
function sendText(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => socket.send(text, { binary: false }, (error) => (error ? reject(error) : resolve())));
}
