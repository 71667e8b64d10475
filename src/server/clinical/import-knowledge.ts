import { createHash } from 'node:crypto';
import { countCanaries, runCanaries } from '../../clinical/drug-safety/canary.ts';
import { compileKnowledge } from '../../clinical/drug-safety/compile.ts';
import type { KnowledgeTables } from '../../clinical/drug-safety/knowledge.ts';
import { type MergeReport, reportMerge } from '../../clinical/drug-safety/merge-report.ts';
import { KnowledgeError, readKnowledgeTables } from '../../clinical/drug-safety/read-tables.ts';
import type { importKnowledge as importEndpoint } from '../../contract/drug-knowledge.ts';
import type { Input } from '../../contract/endpoint.ts';
import { appendEvent } from '../events/append-event.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { bundledTables, stacked, tablesOf } from './drug-knowledge.ts';
import { deleteSource, listSourceHeads, putCheck, putSource, readSourceFiles } from './knowledge-repository.ts';

export type KnowledgeDeps = { db: Db; now: () => Date };
type Package = Input<typeof importEndpoint>['body'];
export type Imported = { stored: boolean; merge: MergeReport; failures: string[] };

/**
 * Takes in the tables of a source, above those that are there: all or nothing. Its own rules are asked at once; if one of them does not alert, the
 * source is stored and off until a version comes that passes.
 *
 * @throws {AppError} `invalid-request` for tables that are not valid (with file, row and reason), a wrong digest, or the name of the program's own
 */
export async function importSource({ db, now }: KnowledgeDeps, userName: string, { manifest, files, dry_run }: Package): Promise<Imported> {
  requireDigests({ manifest, files });
  const own = await bundledTables();
  if (manifest.source === own.source) throw new AppError('invalid-request', `The name ${own.source} is taken by the program's own tables`);
  return db.transaction().execute(async (tx) => {
    const heads = (await listSourceHeads(tx)).filter(({ source }) => source !== manifest.source);
    const below = [own, ...tablesOf(heads, await readSourceFiles(tx))];
    const { tables, failures } = examine(below, { manifest, files });
    const merge = reportMerge(below, tables);
    if (dry_run) return { stored: false, merge, failures };
    const at = now().toISOString();
    const { source, version, licence, valid_from, valid_until = null } = manifest;
    const content = JSON.stringify(files);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const row = { source, version, licence, valid_from: dayOf(valid_from), valid_until: valid_until && lastDayOf(valid_until), sha256 };
    await putSource(tx, { ...row, files: content, report: JSON.stringify(merge), imported_by: userName, imported_at: at });
    await putCheck(tx, { source, version, passed: failures.length === 0 ? 1 : 0, failures: JSON.stringify(failures), checked_at: at });
    await appendEvent(tx, { type: 'knowledge_imported', at, data: { source, version, is_on: failures.length === 0 } });
    return { stored: true, merge, failures };
  });
}

/** @throws {AppError} `not-found` */
export async function removeSource({ db, now }: KnowledgeDeps, source: string): Promise<void> {
  await db.transaction().execute(async (tx: Tx) => {
    if (!(await deleteSource(tx, source))) throw new AppError('not-found', 'No such imported source');
    await appendEvent(tx, { type: 'knowledge_removed', at: now().toISOString(), data: { source } });
  });
}

/** Compiles it with what is below, so that a name which two drugs would share is refused now and not at the next check. */
function examine(below: readonly KnowledgeTables[], { manifest, files }: Package): { tables: KnowledgeTables; failures: string[] } {
  try {
    const { source, version, valid_from, valid_until } = manifest;
    const tables = readKnowledgeTables(files, { source, version, valid_from, valid_until });
    const all = stacked([...below, tables]);
    const knowledge = compileKnowledge(all);
    const usable = all.at(-1) ?? tables;
    const failures = runCanaries(knowledge, usable, { isBundled: false });
    if (usable.interactions.length > 0 && countCanaries(knowledge, usable, { isBundled: false }) === 0)
      failures.push('It has interactions but none that stops the prescriber without a condition: nothing can be checked');
    return { tables, failures };
  } catch (error) {
    if (!(error instanceof KnowledgeError)) throw error;
    throw new AppError('invalid-request', error.message);
  }
}

function requireDigests({ manifest, files }: Pick<Package, 'manifest' | 'files'>): void {
  for (const [name, expected] of Object.entries(manifest.sha256 ?? {})) {
    const content = files[name];
    if (content === undefined) throw new AppError('invalid-request', `The manifest names ${name}, which is not there`);
    if (createHash('sha256').update(content).digest('hex') !== expected)
      throw new AppError('invalid-request', `${name} does not have the digest that the manifest states`);
  }
}

/** `2026-11` as its first day. */
function dayOf(day: string): string {
  return day.length === 7 ? `${day}-01` : day;
}

function lastDayOf(day: string): string {
  if (day.length > 7) return day;
  const [year = 0, month = 0] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
