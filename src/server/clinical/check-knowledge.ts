import { runCanaries } from '../../clinical/drug-safety/canary.ts';
import { compileKnowledge } from '../../clinical/drug-safety/compile.ts';
import type { KnowledgeTables } from '../../clinical/drug-safety/knowledge.ts';
import { type MergeReport, rulesOf } from '../../clinical/drug-safety/merge-report.ts';
import { reasonOff } from '../../clinical/drug-safety/switched-off.ts';
import type { KnowledgeSource } from '../../contract/drug-knowledge.ts';
import { appendEvent } from '../events/append-event.ts';
import { parseColumn } from '../platform/json.ts';
import type { Tx } from '../platform/ports.ts';
import { bundledTables, runOf, stacked, tablesOf, validityOf } from './drug-knowledge.ts';
import type { KnowledgeDeps } from './import-knowledge.ts';
import { type CheckRow, listCheckRows, listSourceHeads, putCheck, readSourceFiles, type SourceHead } from './knowledge-repository.ts';

/**
 * Runs the canary pairs over every source of the tenant and keeps what they say: a source that fails is off until it passes. What the hospital
 * overrides does not count here. Tells of a source that went off or came back.
 */
export async function checkSources({ db, now }: KnowledgeDeps): Promise<void> {
  const own = await bundledTables();
  await db.transaction().execute(async (tx) => {
    const imported = await importedTables(tx);
    const before = await listCheckRows(tx);
    const all = stacked([own, ...imported]);
    const knowledge = compileKnowledge(all);
    for (const [index, tables] of all.entries()) {
      const failures = runCanaries(knowledge, tables, { isBundled: index === 0 });
      await keepCheck(tx, { tables, failures, before, at: now() });
    }
  });
}

/** Every source with its state, the lowest first. */
export async function listSources({ db, now }: KnowledgeDeps): Promise<KnowledgeSource[]> {
  const own = await bundledTables();
  const [heads, checks, files] = await Promise.all([listSourceHeads(db), listCheckRows(db), readSourceFiles(db)]);
  const imported = tablesOf(heads, files);
  return [own, ...imported].map((tables) => {
    const head = heads.find(({ source }) => source === tables.source);
    return describe(tables, { head, checks, now: now() });
  });
}

function describe(
  tables: KnowledgeTables,
  { head, checks, now }: { head: SourceHead | undefined; checks: readonly CheckRow[]; now: Date },
): KnowledgeSource {
  const reason = reasonOff(head ? validityOf(head) : tables, checks.map(runOf), now) ?? null;
  const check = checks.find(({ source, version }) => source === tables.source && version === tables.version);
  return {
    source: tables.source,
    version: tables.version,
    licence: head?.licence ?? null,
    valid_from: tables.validFrom,
    valid_until: tables.validUntil,
    is_bundled: head === undefined,
    state: reason === null ? 'on' : 'off',
    reason,
    last_check: check
      ? { passed: check.passed === 1, failures: parseColumn<string[]>(check.failures), checked_at: check.checked_at }
      : null,
    drugs: tables.drugs.length,
    rules: rulesOf(tables).length,
    merge: head ? parseColumn<MergeReport>(head.report) : null,
    imported_by: head?.imported_by ?? null,
    imported_at: head?.imported_at ?? null,
  };
}

async function importedTables(tx: Tx): Promise<KnowledgeTables[]> {
  return tablesOf(await listSourceHeads(tx), await readSourceFiles(tx));
}

type Checked = { tables: KnowledgeTables; failures: string[]; before: readonly CheckRow[]; at: Date };

async function keepCheck(tx: Tx, { tables: { source, version }, failures, before, at }: Checked): Promise<void> {
  const passed = failures.length === 0;
  const checked_at = at.toISOString();
  await putCheck(tx, { source, version, passed: passed ? 1 : 0, failures: JSON.stringify(failures), checked_at });
  const last = before.find((row) => row.source === source);
  const wasOn = last === undefined || last.passed === 1;
  if (wasOn !== passed)
    await appendEvent(tx, { type: passed ? 'knowledge_source_on' : 'knowledge_source_off', at: checked_at, data: { source, version } });
}
