import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// The peer of the latency benchmark: HTTP from Node alone, in a process of its own.

const server = createServer((_request, response) => {
  response.end('{"status":"ok"}');
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  // Listening on TCP, the address is one.
  process.send?.((server.address() as AddressInfo).port);
});
process.on('disconnect', () => process.exit(0));
