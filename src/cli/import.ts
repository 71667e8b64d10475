import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import type { StoredItem } from '../contract/studies.ts';
import { type IngestDeps, ingestFile, uploadResult } from '../server/studies/ingest-file.ts';
import { acting, commandAct, recordAct } from './command-act.ts';
import { listFiles } from './list-files.ts';
import { openTenant, TENANT_OPTION } from './open-tenant.ts';
import { openProgress, type Progress } from './progress.ts';
import { UsageError } from './usage-error.ts';

/** Files in flight: what waits for the disk shares its syncs. */
const CONCURRENCY = 8;

/** `isocenter import PATH... [--tenant ID]`: stores into the data folder; the server analyzes at its next start. */
export async function importCommand(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args, options: TENANT_OPTION, allowPositionals: true });
  if (positionals.length === 0) throw new UsageError('import needs at least one file or folder');
  const files = await listFiles(positionals);
  const deps = await openTenant(values.tenant);
  try {
    const act = commandAct(deps, 'import', 'import');
    const result = uploadResult(await importFiles(acting(deps, act), files, openProgress()));
    const { stored, already_held, refused } = result;
    await recordAct(deps, act, { details: { stored, already_held, refused } });
    for (const { file, reason } of result.items.filter(({ status }) => status === 'refused'))
      process.stderr.write(`refused ${file}: ${reason}\n`);
    process.stdout.write(`stored ${result.stored}, already held ${result.already_held}, refused ${result.refused}\n`);
    if (files.length > 0 && result.refused === result.items.length) process.exitCode = 1;
  } finally {
    await deps.close();
  }
}

/** Takes in files, several at a time, in any order; the items come in the order of the files. */
export async function importFiles(deps: IngestDeps, files: string[], progress: Progress): Promise<StoredItem[]> {
  const items: StoredItem[][] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < files.length; index = next++) {
      const path = files[index] ?? '';
      items[index] = await ingestFile(deps, { name: path, content: createReadStream(path), fields: {} });
      done += 1;
      progress.show(done, files.length, 'stored');
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  progress.end();
  return items.flat();
}
