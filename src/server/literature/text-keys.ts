import { createHash } from 'node:crypto';

/** How a text that the site brought is known: by the name of its file without its ending, so that its next version takes its place. */
export type TextKeys = { stem: string /** The key of its section, counted from 0. */; keyOf: (index: number) => string };

/** @param name of the file */
export function textKeysOf(source: 'guideline' | 'starter', name: string): TextKeys {
  const stem = name.replace(/^.*[/\\]/, '').replace(/\.(md|markdown|txt|text|pdf)$/i, '');
  const id = createHash('sha256').update(stem).digest('hex').slice(0, 12);
  return { stem, keyOf: (index) => `${source}:${slugOf(stem)}-${id}/${index + 1}` };
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
}
