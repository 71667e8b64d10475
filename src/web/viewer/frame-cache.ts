import { fetchBytes } from '../api.ts';

/** Pictures are kept up to this many bytes; what does not fit is fetched again. */
const BUDGET_BYTES = 192_000_000;

/** A decoded picture, ready to be shown without a flash. */
export type Picture = { src: string; width: number; height: number };
type Entry = { picture: Promise<Picture>; bytes: number };

const entries = new Map<string, Entry>();

/** Loads a picture once; asking again gives the same one while it is kept. @throws {ApiProblem} */
export function loadFrame(url: string): Promise<Picture> {
  const known = entries.get(url);
  if (known) {
    // Least recently used goes first: a Map keeps the order of insertion.
    entries.delete(url);
    entries.set(url, known);
    return known.picture;
  }
  const entry: Entry = { picture: Promise.resolve({ src: '', width: 0, height: 0 }), bytes: 0 };
  entry.picture = fetchPicture(url, entry);
  entries.set(url, entry);
  entry.picture.catch(() => entries.delete(url));
  return entry.picture;
}

/** Drops every picture, as at the end of a session. */
export function forgetFrames(): void {
  for (const url of [...entries.keys()]) drop(url);
}

async function fetchPicture(url: string, entry: Entry): Promise<Picture> {
  const blob = await fetchBytes(url);
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  await image.decode();
  entry.bytes = blob.size;
  makeRoom(url);
  return { src: image.src, width: image.naturalWidth, height: image.naturalHeight };
}

function makeRoom(keep: string): void {
  let total = [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  for (const [url, { bytes }] of [...entries]) {
    if (total <= BUDGET_BYTES) return;
    if (url === keep) continue;
    total -= bytes;
    drop(url);
  }
}

function drop(url: string): void {
  const entry = entries.get(url);
  entries.delete(url);
  entry?.picture.then(({ src }) => URL.revokeObjectURL(src)).catch(() => {});
}
