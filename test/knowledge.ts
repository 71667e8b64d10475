import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KnowledgeFiles } from '../src/clinical/drug-safety/read-tables.ts';

/** The tables that are shipped, as a source of knowledge brings them. */
export function bundledDrugTables(): { files: KnowledgeFiles; manifest: { source: string; version: string; valid_from: string } } {
  const folder = join(import.meta.dirname, '..', 'knowledge', 'drugs');
  const names = readdirSync(folder).filter((name) => name.endsWith('.csv'));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  return { files, manifest: JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) };
}
