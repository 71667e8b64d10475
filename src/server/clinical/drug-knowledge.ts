import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKnowledge, type Knowledge } from '../../clinical/drug-safety/compile.ts';
import { type KnowledgeManifest, readKnowledgeTables } from '../../clinical/drug-safety/read-tables.ts';

/** The tables that come with the program: beside `src` in a checkout, beside the build in a package. */
const BUNDLED = fileURLToPath(new URL('../../../knowledge/drugs', import.meta.url));

/**
 * Reads and checks the tables of drug safety.
 *
 * @throws {KnowledgeError} naming the file, the row and the reason
 */
export async function loadDrugKnowledge(folder: string = BUNDLED): Promise<Knowledge> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.csv'));
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as KnowledgeManifest;
  return compileKnowledge([readKnowledgeTables(files, manifest)]);
}
