import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { type RelatedPart, writeRelated } from './write-related.ts';

test('a part is made when the one before has been read, so that memory does not grow with a slow client', async () => {
  let made = 0;
  const parts = async function* (): AsyncGenerator<RelatedPart> {
    for (; made < 1000; made += 1) yield { contentType: 'application/dicom', body: Buffer.alloc(1_000_000) };
  };
  const { content } = writeRelated('application/dicom', parts());
  const stream = Readable.from(content);
  let read = 0;
  for await (const chunk of stream) {
    read += chunk.length;
    // What a stream may hold ready is 16 chunks, of which three make a part.
    expect(made - read / 1_000_000).toBeLessThan(8);
    if (read > 30_000_000) break;
  }
  expect(made).toBeLessThan(40);
  expect(stream.destroyed).toBe(true);
});

test('a client that goes away ends what the parts are read from', async () => {
  let isClosed = false;
  const body = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.alloc(100);
    } finally {
      isClosed = true;
    }
  };
  const stream = Readable.from(writeRelated('application/dicom', [{ contentType: 'application/dicom', body: body() }]).content);
  for await (const chunk of stream) if (chunk.length === 100) break;
  expect(isClosed).toBe(true);
});
