import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, fdatasync, open, rename, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Sealing } from '../platform/ports.ts';
import { type GatheredWrite, writeGathered } from './gathered-write.ts';
import { sealContent } from './sealed-stream.ts';

// The plain calls: a FileHandle costs each put a fifth of its time, and closing what is synced does not wait for the disk.
const openFile = promisify(open);
const syncFile = promisify(fdatasync);
const renameFile = promisify(rename);

/** Where the system does not have it, nothing is written directly. */
export const O_DIRECT: number = constants.O_DIRECT ?? 0;
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** A file to be made. `isDirect`: past the page cache. */
export type NewFile = { path: string; isDirect: boolean; sealing: Sealing | undefined };
/** The SHA-256 of the content in 64 lower-case hex digits, and how many bytes the file has. */
export type WrittenContent = { key: string; size: number };

/** A file whose content is on the disk; to be settled or dropped. */
export type WrittenFile = WrittenContent & {
  /** Moves it to its place, over what stands there, and makes its name durable. Returns when it was written. */
  settle(target: string): Promise<Date>;
  /** Removes it. */
  drop(): Promise<void>;
};

/** Writes content to new files. */
export type ContentWriter = {
  /** Hashes content, seals it if told so, writes it and syncs it. Keeps no piece; of what fails no file stays. */
  write(file: NewFile, content: AsyncIterable<Uint8Array>): Promise<WrittenFile>;
};

/**
 * Writes in this thread.
 *
 * @param syncFolder makes the names in a folder durable
 */
export function openWriterInPlace(syncFolder: (dir: string) => Promise<void>): ContentWriter {
  return {
    write: async (file, content) => {
      // Opened while the first bytes come.
      const opening = openFile(file.path, flagsOf(file));
      opening.catch(() => {});
      try {
        const written = await writeContent({ opened: () => opening, isDirect: file.isDirect }, content, file.sealing);
        const fd = await opening;
        await syncFile(fd);
        closeSync(fd);
        return {
          ...written,
          settle: async (target) => {
            await renameFile(file.path, target);
            const modifiedAt = modifiedAtOf(target);
            await syncFolder(dirname(target));
            return modifiedAt;
          },
          drop: () => rm(file.path, { force: true }),
        };
      } catch (error) {
        await opening.then(closeSync).catch(() => {});
        await rm(file.path, { force: true }).catch(() => {});
        throw error;
      }
    },
  };
}

/** How a new file is opened. */
export function flagsOf({ isDirect }: Pick<NewFile, 'isDirect'>): number {
  return isDirect ? NEW | O_DIRECT : NEW;
}

/** Cut to milliseconds, never rounded up: a later put must show a later one. */
export function modifiedAtOf(path: string): Date {
  return new Date(Math.floor(statSync(path).mtimeMs));
}

/** Writes content to a file that is open, sealed if told so, and hashes it on the way. */
export async function writeContent(
  target: GatheredWrite,
  content: AsyncIterable<Uint8Array>,
  sealing: Sealing | undefined,
): Promise<WrittenContent> {
  const hash = createHash('sha256');
  let digest: Buffer | undefined;
  const digestOf = (): Buffer => {
    digest ??= hash.digest();
    return digest;
  };
  const whole = hashed(content, hash);
  const size = await writeGathered(target, sealing ? sealContent(whole, sealing, digestOf) : whole);
  return { key: digestOf().toString('hex'), size };
}

/** Passes content on while `hash` reads along. */
export async function* hashed(content: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    hash.update(piece);
    yield piece;
  }
}
