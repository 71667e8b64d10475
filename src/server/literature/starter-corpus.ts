import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listSources } from './corpus-queries.ts';
import { type LiteratureDeps, takeEntries } from './import-literature.ts';
import { readGuideline } from './read-guideline.ts';
import { listKeysOfSource } from './repository.ts';

/** The summaries that come with the program: beside `src` in a checkout, beside the build in a package. */
const BUNDLED = fileURLToPath(new URL('../../../knowledge/literature', import.meta.url));

/**
 * Brings the starter corpus to this program's version: one-page summaries, in our own words, of the guidelines that the clinical scores
 * cite. Changes nothing where it is there already, so that it can be called before every search.
 */
export async function keepStarterCorpus(deps: LiteratureDeps, folder: string = BUNDLED): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
  const texts = await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
  const digest = createHash('sha256')
    .update(texts.map(({ name, text }) => `${name}\n${text}`).join('\n'))
    .digest('hex');
  const held = (await listSources(deps.systemDb)).find(({ source }) => source === 'starter');
  if (held?.digest === digest) return;
  const entries = texts.flatMap(({ name, text }) => readGuideline(name, text, 'starter'));
  const present = new Set(entries.flatMap((entry) => ('record' in entry ? [entry.record.key] : [])));
  const gone = (await listKeysOfSource(deps.systemDb, 'starter')).filter((key) => !present.has(key));
  const counts = { added: 0, updated: 0, deleted: 0, skipped: 0 };
  await takeEntries(deps, [...gone.map((deleted) => ({ deleted })), ...entries], counts, digest);
}
