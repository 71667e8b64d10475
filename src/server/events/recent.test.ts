import { describe, expect, it } from 'vitest';
import { keepRecent } from './recent.ts';
import type { TenantEventRow } from './repository.ts';

function row(seq: number, { tenant_id = 'one', topic = `study:2.25.${seq % 3}`, type = 'study_labeled' } = {}): TenantEventRow {
  return { seq, tenant_id, topic, type, study_instance_uid: null, payload: '{}', created_at: '2026-01-01T00:00:00.000Z' } as TenantEventRow;
}
const seqsOf = (rows: readonly { seq: number }[] | undefined): number[] | undefined => rows?.map(({ seq }) => seq);
const ALL = new Set(['all']);

describe('keepRecent', () => {
  it('gives what came after a number, up to another, and no more than asked for', () => {
    const recent = keepRecent(10);
    recent.add([11, 12, 14, 15, 16].map((seq) => row(seq)));
    expect(seqsOf(recent.list('one', { since: 10, upTo: 16, rooms: ALL, limit: 9 }))).toEqual([11, 12, 14, 15, 16]);
    expect(seqsOf(recent.list('one', { since: 13, upTo: 15, rooms: ALL, limit: 9 }))).toEqual([14, 15]);
    expect(seqsOf(recent.list('one', { since: 11, upTo: 16, rooms: ALL, limit: 2 }))).toEqual([12, 14]);
    expect(seqsOf(recent.list('one', { since: 16, upTo: 16, rooms: ALL, limit: 2 }))).toEqual([]);
  });

  it('tells a tenant only its own, and a room only what is told there', () => {
    const recent = keepRecent(0);
    recent.add([row(1, { tenant_id: 'two' }), row(2), row(3, { type: 'analysis_started' }), row(4)]);
    expect(seqsOf(recent.list('one', { since: 0, upTo: 4, rooms: ALL, limit: 9 }))).toEqual([2, 3, 4]);
    expect(seqsOf(recent.list('two', { since: 0, upTo: 4, rooms: ALL, limit: 9 }))).toEqual([1]);
    expect(seqsOf(recent.list('one', { since: 0, upTo: 4, rooms: new Set(['study:2.25.1']), limit: 9 }))).toEqual([4]);
    expect(seqsOf(recent.list('one', { since: 0, upTo: 4, rooms: new Set(['analysis']), limit: 9 }))).toEqual([3]);
    expect(seqsOf(recent.list('one', { since: 0, upTo: 4, rooms: new Set(), limit: 9 }))).toEqual([]);
  });

  it('says so when it does not hold everything that was asked for', () => {
    const recent = keepRecent(10, 3);
    for (let seq = 11; seq <= 16; seq++) recent.add([row(seq)]);
    // Twelve and thirteen may be gone: the newest three are there.
    expect(recent.covers(12)).toBe(false);
    expect(recent.list('one', { since: 12, upTo: 16, rooms: ALL, limit: 9 })).toBeUndefined();
    expect(seqsOf(recent.list('one', { since: 13, upTo: 16, rooms: ALL, limit: 9 }))).toEqual([14, 15, 16]);
    // Not handed out yet, or never given out.
    expect(recent.covers(17)).toBe(false);
    expect(recent.list('one', { since: 14, upTo: 17, rooms: ALL, limit: 9 })).toBeUndefined();
  });
});
