import { describe, expect, it } from 'vitest';
import { openGate } from './gate.ts';

describe('a gate', () => {
  it('lets so many run at a time, the others in their order, also after one has failed', async () => {
    const gate = openGate(2);
    const began: number[] = [];
    const ends = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
    const results = ends.map(({ promise }, index) =>
      gate(async () => {
        began.push(index);
        await promise;
        return index;
      }).catch((error: Error) => error.message),
    );
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    await turn();
    expect(began).toEqual([0, 1]);
    ends[1]?.reject(new Error('failed'));
    await turn();
    expect(began).toEqual([0, 1, 2]);
    ends[0]?.resolve();
    ends[2]?.resolve();
    await turn();
    expect(began).toEqual([0, 1, 2, 3, 4]);
    ends[3]?.resolve();
    ends[4]?.resolve();
    expect(await Promise.all(results)).toEqual([0, 'failed', 2, 3, 4]);
    expect(await gate(async () => 'free again')).toBe('free again');
  });
});
