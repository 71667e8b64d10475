import { currentLocale, type Locale } from './locale.ts';
import type { Strings } from './shape.ts';

/** The words of the frame and of the first screens, in the language of this page; another language is another load of the page. */
export const strings: Strings = await wordsIn<Strings>({
  en: async () => (await import('./en.ts')).en,
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
  es: async () => (await import('./es.ts')).es,
  ar: async () => (await import('./ar.ts')).ar,
});

/** The words of one part of the app: only the language that is shown is loaded. */
export async function wordsIn<T>(languages: Readonly<Record<Locale, () => Promise<T>>>): Promise<T> {
  return languages[currentLocale()]();
}
