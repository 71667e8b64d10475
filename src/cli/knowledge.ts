import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Value } from 'typebox/value';
import { KnowledgeManifest } from '../contract/drug-knowledge.ts';
import { listSources } from '../server/clinical/check-knowledge.ts';
import { type Imported, importSource, removeSource } from '../server/clinical/import-knowledge.ts';
import { acting, commandAct, recordAct } from './command-act.ts';
import { openTenant, TENANT_OPTION, type TenantDeps } from './open-tenant.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = { ...TENANT_OPTION, 'dry-run': { type: 'boolean' } } as const;
/** Lines of one kind that are printed; the merge report that is stored has all. */
const MAX_PRINTED = 20;

/**
 * `isocenter knowledge import FOLDER [--dry-run] [--tenant ID]`, `knowledge list`, `knowledge remove SOURCE`: tables of drug safety of a hospital,
 * `manifest.json` and CSV files (docs/clinical/drug-safety.md), of any size.
 */
export async function knowledgeCommand(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [action, ...rest] = positionals;
  const act = action !== undefined && Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!act || rest.length !== act.operands) throw new UsageError('knowledge takes `import FOLDER`, `list` or `remove SOURCE`');
  const deps = await openTenant(values.tenant);
  try {
    await act.run(deps, rest[0] ?? '', values['dry-run'] ?? false);
  } finally {
    await deps.close();
  }
}

type Action = { operands: number; run: (deps: TenantDeps, operand: string, isDry: boolean) => Promise<void> };

const ACTIONS: Record<string, Action> = {
  import: { operands: 1, run: importFolder },
  list: { operands: 0, run: list },
  remove: { operands: 1, run: remove },
};

async function importFolder(deps: TenantDeps, folder: string, isDry: boolean): Promise<void> {
  const manifest = await readManifest(join(folder, 'manifest.json'));
  const names = (await readdir(folder)).filter((name) => /^[a-z_]+\.csv$/.test(name));
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
  const act = commandAct(deps, 'knowledge import', 'admin');
  const imported = await importSource(acting(deps, act), act.actor.name ?? 'command line', { manifest, files, dry_run: isDry });
  if (imported.stored) await recordAct(deps, act, { details: { source: manifest.source, version: manifest.version } });
  process.stdout.write(printed(imported));
}

async function list(deps: TenantDeps): Promise<void> {
  for (const { source, version, state, reason, drugs, rules } of await listSources(deps))
    process.stdout.write(`${source} ${version}\t${state}${reason === null ? '' : ` (${reason})`}\t${drugs} drugs, ${rules} rules\n`);
}

async function remove(deps: TenantDeps, source: string): Promise<void> {
  const act = commandAct(deps, 'knowledge remove', 'admin');
  await removeSource(acting(deps, act), source);
  await recordAct(deps, act, { details: { source } });
  process.stdout.write(`removed ${source}\n`);
}

async function readManifest(path: string): Promise<KnowledgeManifest> {
  const manifest: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (Value.Check(KnowledgeManifest, manifest)) return manifest;
  const [first] = Value.Errors(KnowledgeManifest, manifest);
  throw new UsageError(`manifest.json: ${first?.instancePath ?? ''} ${first?.message ?? 'not valid'}`);
}

function printed({ stored, merge, failures }: Imported): string {
  const { drugs, rules, duplicates, unmapped } = merge;
  const lines = [
    `drugs: ${drugs.added} added, ${drugs.replaced.length} replaced`,
    `rules: ${rules.added} added, ${rules.replaced.length} replaced, ${duplicates.length} beside a rule on the same pair`,
    ...some(unmapped.map(({ rule_id, names }) => `not asked: ${rule_id} names ${names}`)),
    ...some(failures.map((failure) => `does not alert: ${failure}`)),
    stored ? `stored, ${failures.length === 0 ? 'on' : 'off until a version passes'}` : 'nothing was stored',
  ];
  return `${lines.join('\n')}\n`;
}

function some(lines: readonly string[]): string[] {
  return lines.length <= MAX_PRINTED ? [...lines] : [...lines.slice(0, MAX_PRINTED), `… and ${lines.length - MAX_PRINTED} more`];
}
