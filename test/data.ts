import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../shared/data/', import.meta.url));

/** Whether the folder of real data stands beside the checkout. */
export const hasSharedData = existsSync(ROOT);

export function dataPath(...parts: string[]): string {
  return join(ROOT, ...parts);
}

export function dataFile(...parts: string[]): Uint8Array {
  return readFileSync(dataPath(...parts));
}

/** Names of the files of a folder, sorted. */
export function dataFiles(...parts: string[]): string[] {
  return readdirSync(dataPath(...parts)).sort();
}

/** Paths of every file below a folder, sorted. */
export function dataTree(...parts: string[]): string[] {
  const entries = readdirSync(dataPath(...parts), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
