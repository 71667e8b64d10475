import { createPublicKey, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Value } from 'typebox/value';
import { AuditCheckpoint } from '../contract/audit.ts';
import { splitLines } from '../server/audit/split-lines.ts';
import { verifyExport } from '../server/audit/verify-export.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = {
  export: { type: 'string' },
  key: { type: 'string' },
  checkpoints: { type: 'string' },
  json: { type: 'boolean' },
} as const;
/** Problems that are printed; `--json` has all. */
const SHOWN = 20;

/**
 * `isocenter verify-audit --export FILE --key PUB.PEM [--checkpoints FILE] [--json]`: checks an export of the audit trail with the public
 * key alone, without a server or a database. Exit status 1 if anything is not as it was written.
 */
export async function verifyAuditCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (!values.export || !values.key) throw new UsageError('verify-audit needs --export FILE and --key FILE');
  const from = performance.now();
  const result = await verifyExport(splitLines(await openFile(values.export)), {
    publicKey: await readKey(values.key),
    checkpoints: values.checkpoints ? await readCheckpoints(values.checkpoints) : [],
  });
  const seconds = (performance.now() - from) / 1000;
  const { tenant_id, entries, checkpoints, first_seq, last_seq, problems } = result;
  if (problems.length > 0) process.exitCode = 1;
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ intact: problems.length === 0, ...result })}\n`);
    return;
  }
  for (const { kind, line, detail } of problems.slice(0, SHOWN))
    process.stdout.write(`${kind}${line === undefined ? '' : ` (line ${line})`}: ${detail}\n`);
  if (problems.length > SHOWN) process.stdout.write(`and ${problems.length - SHOWN} more\n`);
  const verdict = problems.length === 0 ? 'intact' : 'NOT as it was written';
  process.stdout.write(
    `${verdict}: tenant ${tenant_id}, entries ${first_seq} to ${last_seq}, ${entries} read, ${checkpoints} checkpoints, ${seconds.toFixed(1)} s\n`,
  );
}

async function openFile(path: string): Promise<AsyncIterable<Uint8Array>> {
  const stream = createReadStream(path, { highWaterMark: 1_048_576 });
  await new Promise<void>((resolve, reject) => {
    stream.once('error', (error) => reject(new UsageError(`${path}: ${error.message}`)));
    stream.once('open', () => resolve());
  });
  return stream;
}

/** @throws {UsageError} if the file holds no Ed25519 public key */
async function readKey(path: string): Promise<KeyObject> {
  try {
    const key = createPublicKey(await readFile(path));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : 'no key'}`);
  }
  throw new UsageError(`${path} is not an Ed25519 key`);
}

/** Lines as the file of checkpoints has them, or a page as the API gives it. @throws {UsageError} for anything else */
async function readCheckpoints(path: string): Promise<AuditCheckpoint[]> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError(`${path}: ${error.message}`);
  });
  const values = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => parse(path, line));
  const [first] = values;
  const listed = values.length === 1 && typeof first === 'object' && first !== null && 'items' in first ? first.items : values;
  if (Array.isArray(listed) && listed.every((value) => Value.Check(AuditCheckpoint, value))) return listed;
  throw new UsageError(`${path} does not hold checkpoints`);
}

function parse(path: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UsageError(`${path} does not hold checkpoints`);
  }
}
