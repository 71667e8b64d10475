import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonObjects } from './read-json.ts';

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += size) yield text.slice(from, from + size);
}

async function read(text: string, size = 7): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const value of readJsonObjects(pieces(text, size), 'studies')) found.push(value);
  return found;
}

describe('Objects of a JSON document', () => {
  it('are those of the named list, wherever it stands, and of no other', async () => {
    const text = '{"a":{"b":[{"x":1}]},"studies":[{"id":1,"studies":[{"y":2}]},{"id":"}]{[\\"" }],"more":[{"z":3}]}';
    expect(await read(text)).toEqual([{ id: 1, studies: [{ y: 2 }] }, { id: '}]{["' }]);
  });

  it('are those of a list that is the document, the document itself, or one object after the other', async () => {
    expect(await read('[{"a":1}, {"b":[{}]}]')).toEqual([{ a: 1 }, { b: [{}] }]);
    expect(await read('{"a":{"b":[1]}}')).toEqual([{ a: { b: [1] } }]);
    expect(await read('{"a":1}\n{"a":2}\n')).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('are read the same however the text arrives in pieces', async () => {
    const anyObject = fc.dictionary(fc.string(), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(fc.array(anyObject), fc.integer({ min: 1, max: 20 }), async (objects, size) => {
        expect(await read(JSON.stringify({ studies: objects }), size)).toEqual(JSON.parse(JSON.stringify(objects)));
      }),
      { numRuns: 100 },
    );
  });

  it.each(['[{"a":1}', '[{"a":}]', ']', '{"studies":[{"a":1}]]'])('end with an error where it is no JSON: %s', async (text) => {
    await expect(read(text)).rejects.toMatchObject({ kind: 'invalid-request' });
  });
});
