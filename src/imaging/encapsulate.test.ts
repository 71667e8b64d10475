import { describe, expect, it } from 'vitest';
import { encapsulated, offsetTablesOf } from './encapsulate.ts';

describe('fragments', () => {
  it('beyond 4 GiB are found by the extended table, which knows their lengths without padding', () => {
    const { basic, extended } = offsetTablesOf([2 ** 32 - 3, 7, 5]);
    expect(basic).toHaveLength(0);
    const values = (bytes: Uint8Array | undefined): bigint[] => [...new BigUint64Array(bytes?.slice().buffer ?? new ArrayBuffer(0))];
    expect(values(extended?.offsets.bytes)).toEqual([0n, 2n ** 32n + 6n, 2n ** 32n + 22n]);
    expect(values(extended?.lengths.bytes)).toEqual([2n ** 32n - 3n, 7n, 5n]);
    expect(offsetTablesOf([2 ** 32 - 10, 7]).basic).toHaveLength(8);
  });

  it('are items of an even length each, behind an empty table if there is none', async () => {
    const bytes: number[] = [];
    for await (const piece of encapsulated(new Uint8Array(0), [{ length: 3, pieces: [Uint8Array.of(1, 2, 3)] }])) bytes.push(...piece);
    expect(bytes).toEqual([
      0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0, 0xe0, 4, 0, 0, 0, 1, 2, 3, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0,
    ]);
  });
});
