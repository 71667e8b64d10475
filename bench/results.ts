import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { type BenchRow, isMet } from './row.ts';

const INTRODUCTION = `# Benchmark results

Written by \`npm run bench [topic…]\`, which replaces the sections of the topics that ran and leaves the others.
Rates depend on the machine; ratios are taken round by round in one run and hold. A target is held against the ratio where a row has one, else against the value.
`;

/** Date, machine and versions in one line, as it stands under a topic's heading. */
export function describeRun(startedAt: Date): string {
  const { node, sqlite } = process.versions;
  return [
    startedAt.toISOString().slice(0, 16).replace('T', ' ').concat(' UTC'),
    `${cpus()[0]?.model.trim() || 'unknown CPU'}, ${cpus().length} cores`,
    `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    `${type()} ${release()}`,
    `Node ${node}, SQLite ${sqlite}, ${packageVersion('onnxruntime-node')}`,
    `load at the start ${loadavg()[0]?.toFixed(1)}`,
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
export function sectionOf(topic: string, run: string, rows: BenchRow[]): string {
  const lines = rows.map((row) => `| ${cellsOf(row).join(' | ')} |`);
  const head = ['| what | value | target | peer in the same run | ratio | met | how |', '| --- | ---: | --- | --- | ---: | --- | --- |'];
  return [`## ${topic}`, '', run, '', ...head, ...lines, ''].join('\n');
}

/** The same table for a terminal, without the notes. */
export function tableOf(rows: BenchRow[]): string {
  const table = [['what', 'value', 'target', 'peer in the same run', 'ratio', 'met'], ...rows.map((row) => cellsOf(row).slice(0, -1))];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return table.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

function cellsOf(row: BenchRow): string[] {
  const { name, value, unit, target, peer, ratio, note } = row;
  const met = isMet(row);
  return [
    name,
    `${numberOf(value)}${unit === 'ratio' ? '' : ` ${unit}`}`,
    target ?? '',
    peer ? `${peer.name}: ${numberOf(peer.value)} ${unit}` : '',
    ratio === undefined ? '' : ratio.toFixed(2),
    met === null ? '' : met ? 'yes' : 'no',
    note ?? '',
  ];
}

function numberOf(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
