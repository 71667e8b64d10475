import { createServer } from 'node:http';

// Answers `/<count>` with so many bytes from memory, in pieces of 1 MiB: the most that one connection over the loopback device carries
// between two processes of Node. Sends its port when it listens; ends with its parent.
const PIECE = Buffer.alloc(1_048_576, 1);

const server = createServer({ noDelay: true }, async (request, response) => {
  const count = Number(request.url?.slice(1));
  response.setHeader('content-length', count);
  for (let sent = 0; sent < count; sent += PIECE.length) {
    const piece = PIECE.subarray(0, count - sent);
    if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address ? address.port : 0);
});
process.on('disconnect', () => process.exit(0));
