import { expect, test } from 'vitest';
import { openBatchWriter } from './batch-writer.ts';

/** A writer whose batches end when they are told to. */
function openHeld() {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const writer = openBatchWriter<string>(async ([name = '']) => {
    begun.push(name);
    const end = Promise.withResolvers<void>();
    ends.set(name, end);
    await end.promise;
  });
  return {
    writer,
    begun,
    end: (name: string) => ends.get(name)?.resolve(),
    fail: (name: string) => ends.get(name)?.reject(new Error(name)),
  };
}

/** Everything that can happen without a batch that ends has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('two batches are on their way at a time, and the third waits for one of them', async () => {
  const { writer, begun, end } = openHeld();
  await writer.write(['a'], ['1']);
  await writer.write(['b'], ['2']);
  const third = writer.write(['c'], ['3']);
  await settled();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await third;
  expect(begun).toEqual(['a', 'b', 'c']);
  end('a');
  end('c');
  await writer.settle();
});

test('a batch with a key that is on its way waits, so that of two versions the later one stays', async () => {
  const { writer, begun, end } = openHeld();
  await writer.write(['first'], ['1', '2']);
  const second = writer.write(['second'], ['2']);
  await settled();
  expect(begun).toEqual(['first']);
  end('first');
  await second;
  expect(begun).toEqual(['first', 'second']);
  end('second');
  await writer.settle();
});

test('a batch that fails ends the writing, and nobody is left waiting', async () => {
  const { writer, begun, end, fail } = openHeld();
  await writer.write(['a'], ['1']);
  await writer.write(['b'], ['2']);
  fail('a');
  await settled();
  await expect(writer.write(['c'], ['3'])).rejects.toThrow('a');
  end('b');
  await expect(writer.settle()).rejects.toThrow('a');
  expect(begun).toEqual(['a', 'b']);
});
