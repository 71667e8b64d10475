import { openTextIndex } from '../src/server/infra/text-index.ts';
import { importFile } from '../src/server/literature/import-literature.ts';
import { type SearchDeps, searchLiterature } from '../src/server/literature/search-literature.ts';
import { openTestSqlite } from '../test/database.ts';
import { meshXml, pubmedXml } from '../test/literature-files.ts';
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
const MEBIBYTE = 1_048_576;

/** The local corpus at the size that a site is expected to hold at least: import and search, on SQLite. */
export async function benchLiterature(): Promise<BenchRow[]> {
  const { system, close } = await openTestSqlite();
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
    const note = `${RECORDS} generated records of ${TITLE_WORDS} + ${ABSTRACT_WORDS} words with word frequencies by Zipf's law, SQLite`;
    return [
      { name: 'records of PubMed XML imported', value: result.added / seconds, unit: '1/s', target: '>= 2000', note },
      {
        name: 'memory of the process grows during the import by',
        value: growthOf(settled),
        unit: 'MiB',
        target: '< 64',
        note: `resident, from record ${SETTLED} on: mean of the last tenth over that of the first`,
      },
      { name: 'search, p50', value: percentile(times, 0.5), unit: 'ms', note: `${QUERIES} queries of 1 to 5 words, with synonyms` },
      {
        name: 'search, p99',
        value: percentile(times, 0.99),
        unit: 'ms',
        target: '< 50',
        note: `${QUERIES} queries of 1 to 5 words, with synonyms`,
      },
    ];
  } finally {
    await close();
  }
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
