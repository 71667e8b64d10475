import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImportedFile } from '../contract/literature.ts';
import { listSources } from '../server/literature/corpus-queries.ts';
import { embeddingState, embedLiterature, forgetEmbeddings } from '../server/literature/embed-literature.ts';
import { importFile } from '../server/literature/import-literature.ts';
import { removeLiterature } from '../server/literature/remove-literature.ts';
import { importTrialFile } from '../server/trials/import-trials.ts';
import { administer, print, recordCommand, type TenantAdministration } from './administration.ts';
import { listFiles } from './list-files.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = { json: { type: 'boolean' }, anew: { type: 'boolean' } } as const;

/**
 * `isocenter literature import FILE...`, `import-trials FILE...`, `remove KEY`, `embed [--anew]`, `list`: what the research agent looks in. It belongs to the installation;
 * the acts are in the trail of the first tenant.
 */
export async function literatureCommand(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [action, ...paths] = positionals;
  if (action === 'list' && paths.length === 0) return administer(undefined, (tenant) => list(tenant, values.json));
  if (action === 'embed' && paths.length === 0) return administer(undefined, (tenant) => embed(tenant, values));
  const [key = ''] = paths;
  if (action === 'remove' && paths.length === 1) return administer(undefined, (tenant) => remove(tenant, key, values.json));
  const take = action !== undefined && Object.hasOwn(IMPORTS, action) ? IMPORTS[action] : undefined;
  if (!take || paths.length === 0)
    throw new UsageError('literature takes `import FILE...`, `import-trials FILE...`, `remove KEY`, `embed` or `list`');
  const files = await listFiles(paths);
  return administer(undefined, (tenant) => importFiles(tenant, { files, take, json: values.json }));
}

const IMPORTS: Record<string, typeof importFile> = { import: importFile, 'import-trials': importTrialFile };

type Import = { files: readonly string[]; take: typeof importFile; json: boolean | undefined };

async function importFiles(tenant: TenantAdministration, { files, take, json }: Import): Promise<void> {
  const done: ImportedFile[] = [];
  for (const path of files) {
    const file = await take(tenant, { name: basename(path), content: createReadStream(path) });
    done.push(file);
    const { format, added, updated, deleted } = file;
    await recordCommand(tenant, 'literature import', {
      object: { type: 'literature', id: format ?? 'unknown' },
      details: { added, updated, deleted },
    });
  }
  print(
    json,
    { files: done },
    done.map(({ file, format, added, updated, deleted, skipped, problem }) =>
      problem !== null && added + updated + deleted === 0
        ? `${file}: ${problem}`
        : `${file} (${format}): added ${added}, updated ${updated}, deleted ${deleted}, skipped ${skipped}${problem === null ? '' : `; then ${problem}`}`,
    ),
  );
  if (done.some(({ problem }) => problem !== null)) process.exitCode = 1;
}

async function remove(tenant: TenantAdministration, key: string, json: boolean | undefined): Promise<void> {
  const deleted = await removeLiterature(tenant, key);
  if (deleted === 0) throw new UsageError(`There is no record ${key}`);
  await recordCommand(tenant, 'literature remove', { object: { type: 'literature', id: key }, details: { deleted } });
  print(json, { key, deleted }, [`removed ${deleted} of ${key}`]);
}

/** Lets the model read what it has not read, here and now. */
async function embed(tenant: TenantAdministration, { anew, json }: { anew?: boolean; json?: boolean }): Promise<void> {
  if (!tenant.embeddings) throw new UsageError('No model is configured: ISOCENTER_EMBEDDING_MODEL names its folder');
  if (anew) await forgetEmbeddings(tenant);
  const embedded = await embedLiterature(tenant);
  await recordCommand(tenant, 'literature embed', { object: { type: 'literature', id: 'embeddings' }, details: { embedded } });
  const state = await embeddingState(tenant);
  print(json, { embedded, ...state }, [
    `read ${embedded}; ${state.embedded_count} of ${state.record_count} by ${state.model?.name} ${state.model?.digest}`,
  ]);
}

async function list({ systemDb }: TenantAdministration, json: boolean | undefined): Promise<void> {
  const items = await listSources(systemDb);
  print(
    json,
    { items: items.map(({ digest: _, ...item }) => item) },
    items.map(({ source, record_count, corpus_date }) => `${source}\t${record_count}\t${corpus_date}`),
  );
}
