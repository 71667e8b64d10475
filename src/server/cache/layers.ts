import type { CacheLayer, CachePlace } from '../platform/ports.ts';
import type { Stamps } from './repository.ts';

/** Larger values are not kept, in characters: one must not take the place of hundreds. */
const LARGEST = 524_288;

export type LayerFigures = {
  layer: CacheLayer['name'];
  hits: number;
  /** What it had not, or no more. */
  misses: number;
  /** What it had, and what a change had overtaken. */
  overtaken: number;
  entries: number | null;
  bytes: number | null;
};

/** The layers as one: asked from the nearest on, written to all of them. */
export type Layers = {
  /** The JSON of a value that was kept with these stamps, and whose time is not over. */
  find(place: CachePlace, stamps: Stamps): Promise<string | undefined>;
  /** Does not wait. */
  keep(place: CachePlace, kept: { value: string; stamps: Stamps; keptMs: number }): void;
  forget(tenantId: string): Promise<void>;
  figures(): LayerFigures[];
  close(): Promise<void>;
};

/** What stands before the value: until when it is kept, in milliseconds since 1970, and the stamps of what it was read from. */
type Head = [until: number, ...stamps: [name: string, stamp: string][]];

export function openLayers(layers: readonly CacheLayer[], now: () => Date): Layers {
  const counts = new Map(layers.map(({ name }) => [name, { hits: 0, misses: 0, overtaken: 0 }]));
  const writing = new Set<Promise<void>>();
  const put = (layer: CacheLayer, place: CachePlace, text: string, until: number): void => {
    const written = layer.set(place, text, until - now().getTime()).finally(() => writing.delete(written));
    writing.add(written);
  };
  const note = (layer: CacheLayer, what: 'hits' | 'misses' | 'overtaken'): void => {
    const count = counts.get(layer.name);
    if (count) count[what] += 1;
  };

  return {
    find: async (place, stamps) => {
      for (const [index, layer] of layers.entries()) {
        const text = await layer.get(place);
        const kept = text === undefined ? undefined : parse(text);
        const holds = kept && kept.until > now().getTime() && kept.stamps.every(([name, stamp]) => (stamps.get(name) ?? '') === stamp);
        note(layer, holds ? 'hits' : kept ? 'overtaken' : 'misses');
        if (!holds || text === undefined) continue;
        for (const nearer of layers.slice(0, index)) put(nearer, place, text, kept.until);
        return kept.value;
      }
      return undefined;
    },
    keep: (place, { value, stamps, keptMs }) => {
      const until = now().getTime() + keptMs;
      const head: Head = [until, ...stamps];
      const text = `${JSON.stringify(head)}\n${value}`;
      if (text.length <= LARGEST) for (const layer of layers) put(layer, place, text, until);
    },
    forget: async (tenantId) => {
      await Promise.all(writing);
      await Promise.all(layers.map((layer) => layer.forget(tenantId)));
    },
    figures: () =>
      layers.map((layer) => ({
        layer: layer.name,
        ...(counts.get(layer.name) ?? { hits: 0, misses: 0, overtaken: 0 }),
        ...layer.size(),
      })),
    close: async () => {
      await Promise.all(writing);
      await Promise.all(layers.map((layer) => layer.close()));
    },
  };
}

function parse(text: string): { until: number; stamps: [string, string][]; value: string } | undefined {
  const end = text.indexOf('\n');
  if (end < 0) return undefined;
  // Written by `keep`: a layer gives what it was given, or nothing.
  const [until, ...stamps] = JSON.parse(text.slice(0, end)) as Head;
  return { until, stamps, value: text.slice(end + 1) };
}
