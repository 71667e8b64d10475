import { cpus, release, totalmem, type } from 'node:os';
import onnxruntime from 'onnxruntime-node/package.json' with { type: 'json' };
import { type BenchRow, isMet } from './row.ts';

const INTRODUCTION = `# Benchmark results

Written by \`npm run bench [topic…]\`, which replaces the sections of the topics that ran and leaves the others.
Rates depend on the machine; ratios are taken round by round in one run and hold. A target is held against the ratio where a row has one, else against the value.
Where other programs took more than a tenth of the CPUs during a topic, its rates, ratios and latencies are not judged: a program of many threads
gets more of a crowded machine than its peer of few, and everyone waits longer.
`;

/** Share of the CPUs that others may take before figures of time are not judged. */
const MAX_DISTURBANCE = 0.1;
const UNITS_OF_TIME = new Set(['1/s', 'MB/s', 'ms', 'ratio']);

/** Columns of numbers. */
const RIGHT = new Set([1, 4]);

/** A topic's rows, and the share of the CPUs, 0..1, that other programs took meanwhile. */
export type TopicRun = { rows: BenchRow[]; disturbance: number };

/** Date, machine and versions in one line, as it stands under a topic's heading. */
export function describeRun(startedAt: Date): string {
  const { node, sqlite } = process.versions;
  return [
    startedAt.toISOString().slice(0, 16).replace('T', ' ').concat(' UTC'),
    `${cpus()[0]?.model.trim() || 'unknown CPU'}, ${cpus().length} cores`,
    `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    `${type()} ${release()}`,
    `Node ${node}, SQLite ${sqlite}, onnxruntime-node ${onnxruntime.version}`,
  ].join('; ');
}

/** The results file with the section of one topic replaced, or added at the end. */
export function withSection(text: string, topic: string, section: string): string {
  const sections = text.split(/^(?=## )/m);
  const at = sections.findIndex((one) => one.startsWith(`## ${topic}\n`));
  const introduced = [INTRODUCTION, ...sections.slice(text.startsWith('## ') ? 0 : 1)];
  const place = at < 0 ? introduced.length : introduced.length - sections.length + at;
  return `${introduced
    .toSpliced(place, 1, section)
    .map((one) => one.trim())
    .join('\n\n')}\n`;
}

/** A topic's section of the results file. */
export function sectionOf(topic: string, run: string, { rows, disturbance }: TopicRun): string {
  const head = ['what', 'value', 'target', 'peer in the same run', 'ratio', 'met', 'how'];
  const [first = [], ...others] = padded([head, ...rows.map((row) => cellsOf(row, disturbance))]);
  const rule = first.map((cell, column) => (RIGHT.has(column) ? `${'-'.repeat(cell.length - 1)}:` : '-'.repeat(cell.length)));
  const table = [first, rule, ...others].map((cells) => `| ${cells.join(' | ')} |`);
  const crowd = `Other programs took ${(disturbance * 100).toFixed(0)} % of the CPUs meanwhile.`;
  return [`## ${topic}`, '', `${run}. ${crowd}`, '', ...table, ''].join('\n');
}

/** The same table for a terminal, without the notes. */
export function tableOf({ rows, disturbance }: TopicRun): string {
  const head = ['what', 'value', 'target', 'peer in the same run', 'ratio', 'met'];
  return padded([head, ...rows.map((row) => cellsOf(row, disturbance).slice(0, -1))])
    .map((cells) => cells.join('  '))
    .join('\n');
}

/** Every cell as wide as the widest of its column. */
function padded(table: string[][]): string[][] {
  const widths = table[0]?.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return table.map((cells) =>
    cells.map((cell, column) => (RIGHT.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))),
  );
}

function cellsOf(row: BenchRow, disturbance: number): string[] {
  const { name, value, unit, target, peer, ratio, note } = row;
  const met = isMet(row);
  const isDisturbed = disturbance > MAX_DISTURBANCE && UNITS_OF_TIME.has(unit);
  return [
    name,
    `${numberOf(value)}${unit === 'ratio' ? '' : ` ${unit}`}`,
    target ?? '',
    peer ? `${peer.name}: ${numberOf(peer.value)} ${unit}` : '',
    ratio === undefined ? '' : ratio.toFixed(2),
    met === null ? '' : isDisturbed ? 'not judged' : met ? 'yes' : 'no',
    note ?? '',
  ];
}

function numberOf(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
