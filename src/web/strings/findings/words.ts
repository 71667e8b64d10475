import type { Worded } from '../shape.ts';
import { wordsIn } from '../strings.ts';
import type { en } from './en.ts';

/** Words for changing what a model found. */
export const findingsWords: Worded<typeof en> = await wordsIn<Worded<typeof en>>({
  en: async () => (await import('./en.ts')).en,
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
  es: async () => (await import('./es.ts')).es,
  ar: async () => (await import('./ar.ts')).ar,
});
