import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKnowledge, type Knowledge } from '../../clinical/drug-safety/compile.ts';
import type { KnowledgeTables, RuleOverride } from '../../clinical/drug-safety/knowledge.ts';
import { withoutUnmapped } from '../../clinical/drug-safety/merge-report.ts';
import { type KnowledgeFiles, type KnowledgeManifest, readKnowledgeTables } from '../../clinical/drug-safety/read-tables.ts';
import { type CanaryRun, reasonOff, type SwitchedOff } from '../../clinical/drug-safety/switched-off.ts';
import type { AlertDisplay, AlertSeverity } from '../../contract/drug-safety.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import {
  type CheckRow,
  listCheckRows,
  listOverrideRows,
  listSourceHeads,
  type OverrideRow,
  readSourceFiles,
  type SourceHead,
} from './knowledge-repository.ts';

/** The tables that come with the program: beside `src` in a checkout, beside the build in a package. */
const BUNDLED = fileURLToPath(new URL('../../../knowledge/drugs', import.meta.url));
/** Compiled knowledge that is kept: one for each tenant with sources of its own, as a rule. */
const KEPT = 8;

let bundled: Promise<KnowledgeTables> | undefined;
const compiled = new Map<string, Knowledge>();

/**
 * The tables that come with the program. Read at the first question: an installation that never asks does not hold them.
 *
 * @throws {KnowledgeError} naming the file, the row and the reason
 */
export function bundledTables(): Promise<KnowledgeTables> {
  bundled ??= readTables(BUNDLED);
  return bundled;
}

/**
 * What a tenant's checks rest on now: the program's tables, above them what it imported, above all what it decided and approved. A source that
 * has expired or failed its canary pairs is left out and named in `off`.
 */
export async function knowledgeOf(db: Db | Tx, now: Date): Promise<Knowledge> {
  const [own, heads, overrides, checks] = await Promise.all([
    bundledTables(),
    listSourceHeads(db),
    listOverrideRows(db),
    listCheckRows(db),
  ]);
  const runs = checks.map(runOf);
  const off = [own, ...heads.map(validityOf)].flatMap((source): SwitchedOff[] => {
    const reason = reasonOff(source, runs, now);
    return reason === undefined ? [] : [{ source: source.source, version: source.version, reason }];
  });
  const isOn = (source: string): boolean => !off.some((one) => one.source === source);
  const decided = overrides.flatMap(overrideOf);
  const used = heads.filter(({ source }) => isOn(source));
  const revision = JSON.stringify([isOn(own.source), used.map(({ source, version, sha256 }) => [source, version, sha256]), decided, off]);
  const known = compiled.get(revision);
  if (known) return known;
  const files = used.length === 0 ? [] : await readSourceFiles(db);
  const tables = [...(isOn(own.source) ? [own] : []), ...tablesOf(used, files)];
  return keep(revision, { ...compileKnowledge(stacked(tables), decided), off });
}

/** The tables of imported sources, in their order. */
export function tablesOf(heads: readonly SourceHead[], files: readonly { source: string; files: string }[]): KnowledgeTables[] {
  return heads.flatMap((head) => {
    const stored = files.find(({ source }) => source === head.source);
    if (!stored) return [];
    const { source, version, validFrom, validUntil } = validityOf(head);
    const manifest = { source, version, valid_from: validFrom, ...(validUntil === null ? {} : { valid_until: validUntil }) };
    return [readKnowledgeTables(parseColumn<KnowledgeFiles>(stored.files), manifest)];
  });
}

/** Each without what it names and no source below or itself has. */
export function stacked(tables: readonly KnowledgeTables[]): KnowledgeTables[] {
  return tables.map((source, index) => withoutUnmapped(tables.slice(0, index), source));
}

export function validityOf({
  source,
  version,
  valid_from,
  valid_until,
}: Pick<SourceHead, 'source' | 'version' | 'valid_from' | 'valid_until'>) {
  return { source, version, validFrom: valid_from, validUntil: valid_until };
}

export function runOf({ source, version, passed, failures }: CheckRow): CanaryRun {
  return { source, version, passed: passed === 1, failures: parseColumn<string[]>(failures) };
}

/** Only what a second person approved. Words of the table are those that were checked when it was asked for. */
function overrideOf({ rule_id, severity, display, reason, approved_by_name }: OverrideRow): RuleOverride[] {
  if (approved_by_name === null) return [];
  const decision = { severity: severity as AlertSeverity | null, display: display as AlertDisplay | 'off' | null };
  return [{ rule_id, ...decision, reason, approved_by: approved_by_name }];
}

function keep(revision: string, knowledge: Knowledge): Knowledge {
  compiled.set(revision, knowledge);
  const [oldest] = compiled.keys();
  if (compiled.size > KEPT && oldest !== undefined) compiled.delete(oldest);
  return knowledge;
}

async function readTables(folder: string): Promise<KnowledgeTables> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.csv'));
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as KnowledgeManifest;
  return readKnowledgeTables(files, manifest);
}
