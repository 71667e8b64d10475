import type { PreviousUpload } from 'tus-js-client';

const KEY_PREFIX = 'isocenter.upload.';

/**
 * Names a file for resuming without telling anything about it: SHA-256 of name, size and time of change, in hex. File names may
 * identify patients, so no name is ever stored. Undefined where the browser has no Web Crypto (plain HTTP from another machine).
 */
export async function fileFingerprint(file: File): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const told = new TextEncoder().encode(`${file.name}\n${file.size}\n${file.lastModified}`);
  const digest = await crypto.subtle.digest('SHA-256', told);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

type StoredUpload = Pick<PreviousUpload, 'size' | 'creationTime' | 'uploadUrl'>;

/** Remembers, between visits, only the address, size and start of an unfinished upload: never its metadata, which holds the file's name. */
export const uploadStorage = {
  findAllUploads: async (): Promise<PreviousUpload[]> => storedKeys(KEY_PREFIX).flatMap(read),
  findUploadsByFingerprint: async (fingerprint: string): Promise<PreviousUpload[]> => storedKeys(KEY_PREFIX + fingerprint).flatMap(read),
  removeUpload: async (key: string): Promise<void> => localStorage.removeItem(key),
  addUpload: async (fingerprint: string, { size, creationTime, uploadUrl }: PreviousUpload): Promise<string> => {
    const key = KEY_PREFIX + fingerprint;
    localStorage.setItem(key, JSON.stringify({ size, creationTime, uploadUrl } satisfies StoredUpload));
    return key;
  },
};

function storedKeys(prefix: string): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
}

function read(key: string): PreviousUpload[] {
  try {
    // Written by `addUpload` above.
    const stored = JSON.parse(localStorage.getItem(key) ?? '') as StoredUpload;
    return [{ ...stored, metadata: {}, parallelUploadUrls: null, urlStorageKey: key }];
  } catch {
    localStorage.removeItem(key);
    return [];
  }
}
