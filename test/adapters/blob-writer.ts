import { randomBytes } from 'node:crypto';
import { plainBlobs } from '../../src/server/infra/blobs-plain.ts';
import { openFolderBytes } from '../../src/server/infra/bytes-folder.ts';
import { openContentThreads } from '../../src/server/infra/content-threads.ts';

// Run as a process of its own, to be killed: puts random blobs, eight at a time, and says the key of each that is stored.
const [dir] = process.argv.slice(2);
if (dir === undefined) throw new Error('Folder expected');
const blobs = plainBlobs(await openFolderBytes(dir, { threads: openContentThreads() }));

async function* content(): AsyncGenerator<Uint8Array> {
  const pieces = 1 + Math.floor(Math.random() * 5);
  for (let piece = 0; piece < pieces; piece++) yield randomBytes(1 + Math.floor(Math.random() * 100_000));
}

await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (;;) {
      const { key } = await blobs.put(content());
      process.stdout.write(`${key}\n`);
    }
  }),
);
