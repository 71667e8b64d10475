import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { compileKnowledge } from '../src/clinical/drug-safety/compile.ts';
import { type KnowledgeManifest, readKnowledgeTables } from '../src/clinical/drug-safety/read-tables.ts';
import { SCORES } from '../src/clinical/scores/registry.ts';

const FOLDER = fileURLToPath(new URL('../knowledge/drugs', import.meta.url));
/** A note of the makers that a row rests on general knowledge and was not checked against its source. */
const UNCHECKED = /(?:^|[\s(;,])K(?:$|[\s);,.])|\bgeneral knowledge\b|\bunverified\b|\bto be checked\b/;
/** Tables of names, whose rows state no rule. */
const NAMES: ReadonlySet<string> = new Set(['drugs.csv', 'classes.csv']);

export type KnowledgeReport = {
  source: string;
  version: string;
  drugs: number;
  classes: number;
  names: number;
  /** Rows of rules by table. */
  rules: Record<string, number>;
  evidence: Record<string, number>;
  citations: number;
  scores: number;
  /** `table, row`: must be empty. */
  without_citation: string[];
  unchecked: string[];
};

type Row = Record<string, string>;

/**
 * Counts what the tables of drug safety hold, and names rows without a citation or marked as not checked.
 *
 * @throws {KnowledgeError} if the tables cannot be used
 */
export function reportKnowledge(folder: string = FOLDER): KnowledgeReport {
  const names = readdirSync(folder).filter((name) => name.endsWith('.csv'));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as KnowledgeManifest;
  const knowledge = compileKnowledge([readKnowledgeTables(files, manifest)]);
  const tables = Object.entries(files).filter(([name]) => !NAMES.has(name));
  const rows = tables.flatMap(([name, text]) => rowsOf(text).map((row, index) => ({ at: `${name}, row ${index + 2}`, name, row })));
  const ruled = Map.groupBy(rows, ({ name }) => name);
  return {
    source: manifest.source,
    version: manifest.version,
    drugs: knowledge.drugs.size,
    classes: knowledge.classNames.size,
    names: knowledge.names.size,
    rules: Object.fromEntries([...ruled].map(([name, some]) => [name, some.length])),
    evidence: countsOf(rows.map(({ row }) => row['evidence'] ?? '')),
    citations: new Set(rows.map(({ row }) => row['citation'])).size,
    scores: SCORES.length,
    without_citation: [
      ...rows.filter(({ row }) => (row['citation'] ?? '').trim() === '').map(({ at }) => at),
      ...SCORES.filter(({ citation }) => citation.text.trim() === '').map(({ id }) => `score ${id}`),
    ],
    unchecked: rows.filter(({ row }) => UNCHECKED.test(`${row['citation'] ?? ''};${row['evidence'] ?? ''}`)).map(({ at }) => at),
  };
}

function rowsOf(text: string): Row[] {
  const [header = ''] = text.split(/\r?\n/, 1);
  return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true, delimiter: header.includes(';') ? ';' : ',' });
}

function countsOf(values: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(values, (value) => value);
  return Object.fromEntries([...groups].map(([value, some]) => [value, some.length] as const).sort((a, b) => b[1] - a[1]));
}

function printed(report: KnowledgeReport): string {
  const list = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .map(([name, count]) => `  ${String(count).padStart(5)}  ${name}`)
      .join('\n');
  return [
    `${report.source} ${report.version}`,
    `drugs ${report.drugs}, classes ${report.classes}, names ${report.names}, scores ${report.scores}`,
    `rules\n${list(report.rules)}`,
    `evidence\n${list(report.evidence)}`,
    `different citations ${report.citations}`,
    `rows without citation ${report.without_citation.length}`,
    ...report.without_citation.map((at) => `  ${at}`),
    `rows marked as not checked ${report.unchecked.length}`,
    ...report.unchecked.map((at) => `  ${at}`),
    '',
  ].join('\n');
}

if (import.meta.main) {
  const report = reportKnowledge();
  process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(report, null, 2)}\n` : printed(report));
  if (report.without_citation.length + report.unchecked.length > 0) process.exitCode = 1;
}
