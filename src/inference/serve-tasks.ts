import { parentPort } from 'node:worker_threads';
import { describeError, type FromWorker, type ToWorker } from './task-protocol.ts';

/** The worker's side of `openThreadPool`: answers tasks one by one until told to stop. */
export type TaskServer<Request, Response> = {
  handle(request: Request): Promise<Response>;
  close(): Promise<void>;
};

/** Call once, in a worker thread. */
export function serveTasks<Request, Response>(server: TaskServer<Request, Response>): void {
  const port = parentPort;
  if (!port) throw new Error('Only for worker threads');
  port.on('message', async (message: ToWorker<Request>) => {
    if ('stop' in message) {
      await server.close();
      port.close();
      return;
    }
    const answer = await server.handle(message.request).then(
      (response): FromWorker<Response> => ({ response }),
      (error: unknown): FromWorker<Response> => ({ error: describeError(error) }),
    );
    port.postMessage(answer);
  });
}
