import { spawn } from 'node:child_process';
import type { KeyWrapper } from '../platform/tenant-keys.ts';

/** Longest answer of a key management service. */
const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 65_536;

/**
 * A master key in a key management service or hardware module, behind a program of the operator. It is started as `<command> wrap` with
 * the key in base64 on standard input and says the wrapped key on standard output, or as `<command> unwrap` the other way round; what a
 * key belongs to is in the environment variable ISOCENTER_KEY_CONTEXT, for services that bind a key to a context. Exit status 0 is success.
 *
 * @param command program and arguments, separated by spaces; no shell reads it
 */
export function openKmsCommand(command: string): KeyWrapper {
  const [program = '', ...args] = command.split(/\s+/).filter((part) => part !== '');
  const ask = (verb: 'wrap' | 'unwrap', input: string, context: string): Promise<string> =>
    run(program, [...args, verb], { input, context });
  return {
    id: 'kms',
    wrap: (key, context) => ask('wrap', Buffer.from(key).toString('base64'), context),
    unwrap: async (wrapped, context) => {
      const key = Buffer.from(await ask('unwrap', wrapped, context), 'base64');
      if (key.length !== 32) throw new Error(`ISOCENTER_KMS_COMMAND: unwrap gave ${key.length} bytes instead of 32`);
      return key;
    },
  };
}

function run(program: string, args: string[], { input, context }: { input: string; context: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      timeout: TIMEOUT_MS,
      env: { ...process.env, ISOCENTER_KEY_CONTEXT: context },
    });
    const fail = (reason: string): void => reject(new Error(`ISOCENTER_KMS_COMMAND: ${program} ${args.at(-1)} ${reason}`));
    let answer = '';
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
      if (answer.length > MAX_ANSWER_BYTES) child.kill();
    });
    child.on('error', (error) => fail(`could not be started: ${error.message}`));
    child.on('close', (code, signal) => {
      if (code === 0 && answer.trim() !== '') resolve(answer.trim());
      else fail(code === 0 ? 'gave no answer' : `ended with ${signal ?? `status ${code}`}`);
    });
    // A program that ends without reading is told by its status.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${input}\n`);
  });
}
