// `npm run build`: what an installed package runs. `src/x.ts` becomes `dist/x.js`, at the same depth, so that every path relative to a file
// (`../../models`, `../../dist/web`) means the same in both; files that are not TypeScript are copied beside their code.
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { bootstrap } from './bootstrap.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CODE = ['contract', 'dicom', 'imaging', 'inference', 'clinical', 'reporting', 'server', 'cli'];

process.chdir(ROOT);
for (const folder of CODE) rmSync(join('dist', folder), { recursive: true, force: true });
run('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
for (const folder of CODE) copyAssets(folder);
bootstrap(ROOT);
console.log('Built dist/');

/** Templates, tables and the like, which the compiler leaves behind. */
function copyAssets(folder: string): void {
  for (const file of globSync(join('src', folder, '**/*.*'), { exclude: ['**/*.ts', '**/*.tsx'] })) {
    const target = join('dist', file.slice('src/'.length));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(file, target);
  }
}

function run(script: string, args: string[]): void {
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
