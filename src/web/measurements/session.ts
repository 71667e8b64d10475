import type { ForeignMeasurement, MeasurementInput, StudyMeasurements } from '../../contract/measurements.ts';
import { type Held, inputOf, isSameContent, mergeMeasurements, withIds } from './merge.ts';

/** How long the reader's hand has to rest before what was drawn is saved. */
const QUIET_MS = 1200;
/** Others save too; more than this one after the other is no coincidence. */
const MOST_RACES = 4;

export type SaveState = 'loading' | 'saved' | 'waiting' | 'saving' | 'failed';
export type SessionState = {
  items: readonly Held[];
  others: readonly ForeignMeasurement[];
  save: SaveState;
  error: unknown;
};

/** The measurements of a study while they are worked on: loaded, changed, saved by themselves, and put together with what others save. */
export type MeasurementSession = {
  state(): SessionState;
  subscribe(listener: () => void): () => void;
  /** What the server holds, now or anew. */
  take(measurements: StudyMeasurements): void;
  change(change: (items: readonly Held[]) => readonly Held[]): void;
  /** Saves what waits; resolves when nothing is under way. */
  flush(): Promise<void>;
};

export type SessionDeps = {
  load: () => Promise<StudyMeasurements>;
  /** @throws an error with `status` 412 if somebody else was first */
  save: (items: MeasurementInput[], version: string | null) => Promise<StudyMeasurements>;
  /** `setTimeout`; gives back what stops it. */
  later: (run: () => void, delayMs: number) => () => void;
};

export function openMeasurementSession({ load, save, later }: SessionDeps): MeasurementSession {
  const listeners = new Set<() => void>();
  let state: SessionState = { items: [], others: [], save: 'loading', error: null };
  let base: readonly Held[] = [];
  let version: string | null = null;
  let stopWaiting = (): void => {};
  let underWay: Promise<void> | undefined;

  const set = (part: Partial<SessionState>): void => {
    state = { ...state, ...part };
    for (const listener of listeners) listener();
  };
  const wait = (): void => {
    stopWaiting();
    stopWaiting = later(() => void flush(), QUIET_MS);
  };
  /** The reader's items over what the server holds now. @param from what both began from */
  const settle = (measurements: StudyMeasurements, from: readonly Held[]): void => {
    const theirs = withIds(measurements.items, [...state.items, ...from]);
    const items = mergeMeasurements(from, state.items, theirs);
    base = theirs;
    version = measurements.version;
    const isSaved = isSameContent(items, theirs);
    set({ items, others: measurements.others, save: isSaved ? 'saved' : 'waiting', error: null });
    if (!isSaved) wait();
  };
  const take = (measurements: StudyMeasurements): void => {
    // What is being saved comes back by itself.
    if (underWay || (state.save !== 'loading' && measurements.version === version)) return;
    settle(measurements, base);
  };
  const saveOnce = async (): Promise<boolean> => {
    const sent = state.items;
    set({ save: 'saving' });
    try {
      settle(await save(sent.map(inputOf), version), sent);
      return true;
    } catch (error) {
      if (!isLostRace(error)) throw error;
      settle(await load(), base);
      return false;
    }
  };
  const saveAll = async (): Promise<void> => {
    try {
      for (let races = 0; state.save !== 'saved' && races < MOST_RACES; races += 1) {
        stopWaiting();
        if (await saveOnce()) return;
      }
    } catch (error) {
      set({ save: 'failed', error });
    }
  };
  const flush = async (): Promise<void> => {
    if (underWay) await underWay;
    if (state.save !== 'waiting' && state.save !== 'failed') return;
    stopWaiting();
    underWay = saveAll().finally(() => {
      underWay = undefined;
    });
    await underWay;
  };

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    take,
    change: (change) => {
      const items = change(state.items);
      if (isSameContent(items, state.items) && items.every(({ id }, index) => id === state.items[index]?.id)) return;
      set({ items, save: state.save === 'loading' ? 'loading' : 'waiting' });
      if (state.save !== 'loading') wait();
    },
    flush,
  };
}

function isLostRace(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 412;
}
