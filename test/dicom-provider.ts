import { createServer, type Socket } from 'node:net';
import type { AssociateRequest } from '../src/server/dimse/associate-items.ts';
import { Association } from '../src/server/dimse/association.ts';
import type { Message } from '../src/server/dimse/message-reader.ts';
import { negotiate } from '../src/server/dimse/negotiate.ts';
import { TIMEOUTS } from '../src/server/dimse/timeouts.ts';

/** A small application that takes associations, and does with each request what the test says. */
export type Provider = { port: number; requests: AssociateRequest[]; sockets: Set<Socket>; close(): Promise<void> };

const GRANTS = { may_store: true, may_query: true, may_retrieve: true };

/** @param onRequest told of each request, with its association; it has to answer and to read the data set */
export async function openProvider(onRequest: (association: Association, message: Message) => Promise<void>): Promise<Provider> {
  const requests: AssociateRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const association: Association = new Association(socket, {
      side: 'acceptor',
      timeouts: TIMEOUTS,
      events: {
        onAssociate: (request) => {
          requests.push(request);
          const { answer, accepted } = negotiate(request, GRANTS, { aeTitle: request.calledAe, privateClasses: new Set() });
          association.accept(answer, accepted, request.user.maxPduLength);
        },
        onRequest: (message) => association.operate(() => onRequest(association, message)),
        onClose: () => sockets.delete(socket),
      },
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    requests,
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
