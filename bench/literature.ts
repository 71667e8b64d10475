import { openTextIndex } from '../src/server/infra/text-index.ts';
import { importFile } from '../src/server/literature/import-literature.ts';
import { holdVectors, quantized } from '../src/server/literature/nearest-vectors.ts';
import { type SearchDeps, searchLiterature } from '../src/server/literature/search-literature.ts';
import { openTestSqlite, type TestDatabase } from '../test/database.ts';
import { meshXml, pubmedXml } from '../test/literature-files.ts';
import { postgresMissing, startPostgres } from '../test/postgres.ts';
import type { BenchRow } from './row.ts';
import { percentile } from './statistics.ts';

const RECORDS = 100_000;
/** Records of one piece of the file that is generated while it is read. */
const PIECE = 100;
const ABSTRACT_WORDS = 160;
const TITLE_WORDS = 12;
const VOCABULARY = 40_000;
const QUERIES = 400;
const WARM_UP = 20;
/** When everything is compiled and the caches are full. */
const SETTLED = 20_000;
/** As small sentence models have. */
const DIMENSIONS = 384;
const VECTOR_QUERIES = 100;
const MEBIBYTE = 1_048_576;

/** The local corpus at the size that a site is expected to hold at least: import and search, on both databases, and the search by sense. */
export async function benchLiterature(): Promise<BenchRow[]> {
  const rows = [...(await benchOn('SQLite', await openTestSqlite())), ...benchVectors()];
  if (postgresMissing) return rows;
  const server = await startPostgres();
  try {
    return [...rows, ...(await benchOn('PostgreSQL', await server.openDatabase()))];
  } finally {
    await server.stop();
  }
}

async function benchOn(name: string, { system, close }: TestDatabase): Promise<BenchRow[]> {
  const deps: SearchDeps = { systemDb: system, textIndex: openTextIndex(system), now: () => new Date(), clients: [] };
  try {
    const words = vocabulary();
    await importFile(deps, { name: 'mesh.xml', content: bytes([meshXml(thesaurus(words))]) });
    const settled: number[] = [];
    const from = performance.now();
    const result = await importFile(deps, { name: 'records.xml', content: bytes(generated(words, settled)) });
    const seconds = (performance.now() - from) / 1000;
    if (result.added !== RECORDS) throw new Error(`Imported ${result.added} of ${RECORDS} records: ${result.problem}`);
    const times = await searchTimes(deps, words);
    const note = `${RECORDS} generated records of ${TITLE_WORDS} + ${ABSTRACT_WORDS} words with word frequencies by Zipf's law`;
    const asked = `${QUERIES} queries of 1 to 5 words, with synonyms`;
    return [
      { name: `records of PubMed XML imported, ${name}`, value: result.added / seconds, unit: '1/s', target: '>= 2000', note },
      {
        name: `memory of the process grows during the import by, ${name}`,
        value: growthOf(settled),
        unit: 'MiB',
        target: '< 64',
        note: `resident, from record ${SETTLED} on: mean of the last tenth over that of the first`,
      },
      { name: `search, p50, ${name}`, value: percentile(times, 0.5), unit: 'ms', note: asked },
      { name: `search, p99, ${name}`, value: percentile(times, 0.99), unit: 'ms', target: '< 50', note: asked },
    ];
  } finally {
    await close();
  }
}

/** What the search by sense adds to one by words, besides the model's own time for the question: a look at every vector, in a thread of its own. */
function benchVectors(): BenchRow[] {
  const held = holdVectors(DIMENSIONS);
  const next = random(5);
  const vector = (): Int8Array => quantized(Float32Array.from({ length: DIMENSIONS }, () => next() - 0.5));
  for (let id = 1; id <= RECORDS; id += 1) held.add({ ids: [id], literatureIds: [id], vectors: vector() });
  const times: number[] = [];
  for (let query = 0; query < VECTOR_QUERIES + WARM_UP; query += 1) {
    const asked = vector();
    const from = performance.now();
    held.nearest(asked, 40);
    if (query >= WARM_UP) times.push(performance.now() - from);
  }
  const note = `${RECORDS} vectors of ${DIMENSIONS} signed bytes, all looked at; without the model's time for the question`;
  return [
    { name: 'nearest by sense, p50', value: percentile(times, 0.5), unit: 'ms', note },
    { name: 'nearest by sense, p99', value: percentile(times, 0.99), unit: 'ms', target: '< 50', note },
  ];
}

async function searchTimes(deps: SearchDeps, words: Vocabulary): Promise<number[]> {
  const next = random(7);
  const times: number[] = [];
  for (let query = 0; query < QUERIES + WARM_UP; query += 1) {
    // As people ask: rarely for the words that are everywhere.
    const text = Array.from({ length: 1 + (query % 5) }, () => words.at(10 + Math.floor(next() ** 2 * 4_000))).join(' ');
    const from = performance.now();
    await searchLiterature(deps, { text, limit: 20 });
    if (query >= WARM_UP) times.push(performance.now() - from);
  }
  return times;
}

function growthOf(samples: readonly number[]): number {
  const mean = (part: readonly number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length;
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  return Math.max(0, (mean(samples.slice(-tenth)) - mean(samples.slice(0, tenth))) / MEBIBYTE);
}

function* generated(words: Vocabulary, settled: number[]): Generator<string> {
  const next = random(3);
  const text = (count: number): string => Array.from({ length: count }, () => words.pick(next())).join(' ');
  const [open = '', close = ''] = pubmedXml([]).split(/(?<=<PubmedArticleSet>)/);
  yield open;
  for (let from = 0; from < RECORDS; from += PIECE) {
    if (from >= SETTLED) settled.push(process.memoryUsage.rss());
    const articles = Array.from({ length: PIECE }, (_, index) => ({
      pmid: String(1 + from + index),
      title: text(TITLE_WORDS),
      abstract: text(ABSTRACT_WORDS),
      year: 1980 + ((from + index) % 45),
      mesh: Array.from({ length: 6 }, () => words.pick(next())),
    }));
    const piece = pubmedXml(articles);
    yield piece.slice(piece.indexOf('<PubmedArticle>'), piece.lastIndexOf('</PubmedArticleSet>'));
  }
  yield close;
}

type Vocabulary = { at(index: number): string; pick(chance: number): string };

/** Made-up words whose frequency falls with their rank. */
function vocabulary(): Vocabulary {
  const syllables = [
    'pul',
    'mo',
    'car',
    'di',
    'ne',
    'phro',
    'gas',
    'tri',
    'he',
    'pa',
    'to',
    'os',
    'te',
    'cyt',
    'ra',
    'li',
    'ven',
    'su',
    'ka',
    'bro',
  ];
  const words = Array.from({ length: VOCABULARY }, (_, index) => {
    let rest = index + 400;
    let word = '';
    for (; rest > 0; rest = Math.floor(rest / syllables.length)) word += syllables[rest % syllables.length];
    return `${word}x`;
  });
  const at = (index: number): string => words[Math.min(index, VOCABULARY - 1)] ?? '';
  return { at, pick: (chance) => at(Math.floor(VOCABULARY ** chance) - 1) };
}

/** Every tenth of the frequent words has three more names. */
function thesaurus(words: Vocabulary): Record<string, string[]> {
  const ranks = Array.from({ length: 400 }, (_, index) => index * 10);
  return Object.fromEntries(ranks.map((rank) => [words.at(rank), [1, 2, 3].map((step) => words.at(rank + 4_000 + step))]));
}

async function* bytes(texts: Iterable<string>): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

/** Numbers from 0 up to 1, the same in each run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
