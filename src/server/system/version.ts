import { readFileSync } from 'node:fs';

/** Version of the program, from its package. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  // The package file is ours.
  return (JSON.parse(text) as { version: string }).version;
}
