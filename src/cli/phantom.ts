import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPhantom } from '../imaging/phantom.ts';
import { phantomDicom } from '../imaging/phantom-dicom.ts';
import { UsageError } from './usage-error.ts';

/** `isocenter phantom FOLDER`: the synthetic study as DICOM files, and its truth as `truth.json` beside them. */
export async function phantomCommand(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: { seed: { type: 'string', default: '1' } } });
  const [folder, ...more] = positionals;
  const seed = Number(values.seed);
  if (folder === undefined || more.length > 0) throw new UsageError('phantom needs one folder to write to');
  if (!Number.isSafeInteger(seed) || seed < 0) throw new UsageError('--seed is a whole number from 0 on');
  const phantom = buildPhantom({ seed });
  const files = phantomDicom(phantom);
  await mkdir(folder, { recursive: true });
  for (const { name, part10 } of files) await writeFile(join(folder, name), part10);
  await writeFile(join(folder, 'truth.json'), `${JSON.stringify(phantom.truth, null, 2)}\n`);
  process.stdout.write(`${files.length} synthetic DICOM files and truth.json written to ${folder}. No patient is shown.\n`);
}
