import type { FastifyInstance, FastifyRequest } from 'fastify';

/** What is read into memory as a whole is at most a megabyte: whoever takes longer for that is not sending, but holding. */
const WHOLE_MS = 60_000;
/** Of an upload, which may take hours, something has to arrive in this time. */
const STALL_MS = 120_000;

/**
 * Ends connections whose client announces a body and does not send it: each would hold memory and a socket for as long as it likes.
 *
 * @param streamed media types of bodies that routes read as they come
 */
export function endSlowBodies(
  http: FastifyInstance,
  { streamed, wholeMs = WHOLE_MS, stallMs = STALL_MS }: { streamed: ReadonlySet<string>; wholeMs?: number; stallMs?: number },
): void {
  http.addHook('onRequest', async (request) => {
    if (!announcesBody(request)) return;
    const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    if (streamed.has(type)) endWhenStalled(request, stallMs);
    else endAfter(request, wholeMs);
  });
}

function announcesBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function endAfter({ raw }: FastifyRequest, wholeMs: number): void {
  const timer = setTimeout(() => {
    if (!raw.complete) raw.destroy();
  }, wholeMs).unref();
  raw.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
}

/** Looks at what the socket has received: listening to the body would set it flowing before its route is ready. */
function endWhenStalled({ raw }: FastifyRequest, stallMs: number): void {
  let received = raw.socket.bytesRead;
  const timer = setInterval(() => {
    // What waits here to be read is for the server to hurry with.
    if (raw.complete || raw.readableLength > 0 || raw.socket.bytesRead > received) received = raw.socket.bytesRead;
    else raw.destroy();
  }, stallMs).unref();
  raw.once('end', () => clearInterval(timer)).once('close', () => clearInterval(timer));
}
