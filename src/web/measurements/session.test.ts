import { describe, expect, it } from 'vitest';
import type { Measurement, MeasurementInput, StudyMeasurements } from '../../contract/measurements.ts';
import type { Held } from './merge.ts';
import { type MeasurementSession, openMeasurementSession } from './session.ts';

const length = (number: number, label: string): Held => ({
  id: `viewer-${number}`,
  tracking_uid: `2.25.${number}`,
  label,
  kind: 'length',
  sop_instance_uid: '1.1',
  frame: 1,
  points: [
    [1, 1],
    [2, 2],
  ],
  values: [{ quantity: 'length', value: number, unit: 'mm' }],
  comment: null,
});

/** A server of one study, as the real one answers: versions, and 412 to who is late. */
function openServer() {
  let held: StudyMeasurements = { version: null, saved_at: null, items: [], others: [] };
  let count = 0;
  let isDown = false;
  const due = new Set<() => void>();
  const store = (items: readonly MeasurementInput[]): StudyMeasurements => {
    count += 1;
    const authored = items.map((item): Measurement => ({ ...item, author: 'A', measured_at: '2026-01-01T00:00:00.000Z' }));
    held = { ...held, version: `2.25.${count}`, items: authored };
    return held;
  };
  const open = (): MeasurementSession =>
    openMeasurementSession({
      load: async () => held,
      save: async (items, version) => {
        if (isDown) throw new Error('no answer');
        if (version !== held.version) throw Object.assign(new Error('late'), { status: 412 });
        return store(items);
      },
      later: (run) => {
        due.add(run);
        return () => due.delete(run);
      },
    });
  return {
    open,
    store,
    labels: () => held.items.map(({ label }) => label),
    held: () => held,
    saves: () => count,
    goDown: (down: boolean) => {
      isDown = down;
    },
    /** Time passes. */
    rest: async (session: MeasurementSession) => {
      for (const run of [...due]) run();
      due.clear();
      await session.flush();
    },
  };
}

const labelsOf = (session: MeasurementSession): string[] => session.state().items.map(({ label }) => label);

describe('measurements that are worked on', () => {
  it('are saved once the hand rests, and say how that stands', async () => {
    const server = openServer();
    const session = server.open();
    expect(session.state().save).toBe('loading');
    session.take(server.held());
    session.change((items) => [...items, length(1, 'a')]);
    session.change((items) => [...items, length(2, 'b')]);
    expect(session.state().save).toBe('waiting');
    expect(server.saves()).toBe(0);
    await server.rest(session);
    expect(session.state().save).toBe('saved');
    expect(server.labels()).toEqual(['a', 'b']);
    expect(server.saves()).toBe(1);
    expect(session.state().items.map(({ id }) => id)).toEqual(['viewer-1', 'viewer-2']);
  });

  it('are put together with what somebody else saved meanwhile, and saved then', async () => {
    const server = openServer();
    const session = server.open();
    server.store([length(1, 'a')]);
    session.take(server.held());
    session.change((items) => [...items, length(2, 'mine')]);
    server.store([length(1, 'a'), length(3, 'theirs')]);
    await server.rest(session);
    expect(server.labels()).toEqual(['a', 'theirs', 'mine']);
    expect(labelsOf(session)).toEqual(['a', 'theirs', 'mine']);
    expect(session.state().save).toBe('saved');
  });

  it('show what somebody else saved, when it is told', async () => {
    const server = openServer();
    const session = server.open();
    server.store([length(1, 'a')]);
    session.take(server.held());
    server.store([length(1, 'changed elsewhere')]);
    session.take(server.held());
    expect(labelsOf(session)).toEqual(['changed elsewhere']);
    expect(session.state().save).toBe('saved');
  });

  it('stay, and are tried again, when they could not be saved', async () => {
    const server = openServer();
    const session = server.open();
    session.take(server.held());
    server.goDown(true);
    session.change((items) => [...items, length(1, 'a')]);
    await server.rest(session);
    expect(session.state().save).toBe('failed');
    expect(labelsOf(session)).toEqual(['a']);
    server.goDown(false);
    await session.flush();
    expect(server.labels()).toEqual(['a']);
    expect(session.state().save).toBe('saved');
  });

  it('that were changed while they were being saved are saved again', async () => {
    const server = openServer();
    const session = server.open();
    session.take(server.held());
    session.change((items) => [...items, length(1, 'a')]);
    const saving = session.flush();
    session.change((items) => items.map((item) => ({ ...item, label: 'b' })));
    await saving;
    expect(session.state().save).toBe('waiting');
    await server.rest(session);
    expect(server.labels()).toEqual(['b']);
  });
});
