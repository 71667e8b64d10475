/** Records by their sense: signed bytes, as many for each as the model has dimensions. */
export type HeldVectors = {
  /** The highest number of a row that was added; 0 at first. */
  last(): number;
  /** Adds rows in the order of their numbers; a record that is there already gets its new vector. */
  add(rows: VectorRows): void;
  /** The records closest to a vector by the cosine, the closest first. */
  nearest(query: Int8Array, limit: number): { literature_id: number; cosine: number }[];
  count(): number;
};
export type VectorRows = {
  ids: readonly number[];
  literatureIds: readonly number[];
  /** One after the other. */
  vectors: Int8Array;
};

/** Signed bytes have this as their largest. */
const LARGEST = 127;

/**
 * A vector as signed bytes, its largest component as 127: a quarter of the memory, and the direction stays within about half a degree (each
 * component is off by at most a 254th of the largest).
 */
export function quantized(vector: Float32Array): Int8Array {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Int8Array.from(vector, (value) => (largest === 0 ? 0 : Math.round((value / largest) * LARGEST)));
}

/** Holds vectors in memory and looks through all of them: exact, and for a hundred thousand fast enough. */
export function holdVectors(dimensions: number): HeldVectors {
  let vectors = new Int8Array(1_024 * dimensions);
  /** 1 / length. */
  let scales = new Float32Array(1_024);
  const records: number[] = [];
  const places = new Map<number, number>();
  let last = 0;
  const placeFor = (literatureId: number): number => {
    const known = places.get(literatureId);
    if (known !== undefined) return known;
    const place = records.length;
    records.push(literatureId);
    places.set(literatureId, place);
    if (place >= scales.length) {
      vectors = grown(vectors, new Int8Array(vectors.length * 2));
      scales = grown(scales, new Float32Array(scales.length * 2));
    }
    return place;
  };
  return {
    last: () => last,
    count: () => records.length,
    add: ({ ids, literatureIds, vectors: added }) => {
      for (const [index, literatureId] of literatureIds.entries()) {
        const place = placeFor(literatureId);
        const vector = added.subarray(index * dimensions, (index + 1) * dimensions);
        vectors.set(vector, place * dimensions);
        scales[place] = 1 / Math.max(1, lengthOf(vector));
        last = Math.max(last, ids[index] ?? 0);
      }
    },
    nearest: (query, limit) => {
      const scale = 1 / Math.max(1, lengthOf(query));
      return closest({ vectors, scales, dimensions, count: records.length }, query, limit).map(({ place, score }) => ({
        literature_id: records[place] ?? 0,
        cosine: score * scale,
      }));
    },
  };
}

type Scan = { vectors: Int8Array; scales: Float32Array; dimensions: number; count: number };
type Place = { place: number; score: number };

function closest({ vectors, scales, dimensions, count }: Scan, query: Int8Array, limit: number): Place[] {
  const products = productsOf({ vectors, dimensions, count }, query);
  const best: Place[] = [];
  let worst = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < count; place += 1) {
    const score = (products[place] ?? 0) * (scales[place] ?? 0);
    if (best.length >= limit && score <= worst) continue;
    const at = best.findIndex((other) => other.score < score);
    best.splice(at < 0 ? best.length : at, 0, { place, score });
    if (best.length > limit) best.pop();
    worst = best.at(-1)?.score ?? worst;
  }
  return best;
}

/**
 * The scalar product of each vector with the query. Four vectors at a time, so that a component of the query is read once for them and no sum
 * waits for the one before; there is room for whole fours. Nearly all of the time of a search is spent here: typed arrays are read as what
 * they are within their bounds.
 */
function productsOf({ vectors, dimensions, count }: Omit<Scan, 'scales'>, query: Int8Array): Int32Array {
  const products = new Int32Array(Math.ceil(count / 4) * 4);
  for (let place = 0; place < count; place += 4) {
    const first = place * dimensions;
    const second = first + dimensions;
    const third = second + dimensions;
    const fourth = third + dimensions;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let index = 0; index < dimensions; index += 1) {
      const component = query[index] as number;
      a = (a + Math.imul(vectors[first + index] as number, component)) | 0;
      b = (b + Math.imul(vectors[second + index] as number, component)) | 0;
      c = (c + Math.imul(vectors[third + index] as number, component)) | 0;
      d = (d + Math.imul(vectors[fourth + index] as number, component)) | 0;
    }
    products[place] = a;
    products[place + 1] = b;
    products[place + 2] = c;
    products[place + 3] = d;
  }
  return products;
}

function lengthOf(vector: Int8Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

function grown<T extends Int8Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
