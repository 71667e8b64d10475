import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKnowledge, type Knowledge } from '../../clinical/drug-safety/compile.ts';
import type { KnowledgeTables } from '../../clinical/drug-safety/knowledge.ts';
import { type KnowledgeManifest, readKnowledgeTables } from '../../clinical/drug-safety/read-tables.ts';

/** The tables that come with the program: beside `src` in a checkout, beside the build in a package. */
const BUNDLED = fileURLToPath(new URL('../../../knowledge/drugs', import.meta.url));

let bundled: Promise<KnowledgeTables> | undefined;

/**
 * The tables that come with the program. Read at the first question: an installation that never asks does not hold them.
 *
 * @throws {KnowledgeError} naming the file, the row and the reason
 */
export function bundledTables(): Promise<KnowledgeTables> {
  bundled ??= readTables(BUNDLED);
  return bundled;
}

let compiled: Promise<Knowledge> | undefined;

export function bundledKnowledge(): Promise<Knowledge> {
  compiled ??= bundledTables().then((tables) => compileKnowledge([tables]));
  return compiled;
}

async function readTables(folder: string): Promise<KnowledgeTables> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.csv'));
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as KnowledgeManifest;
  return readKnowledgeTables(files, manifest);
}
