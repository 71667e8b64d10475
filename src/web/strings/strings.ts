import { currentLocale, type Locale } from './locale.ts';
import type { Strings } from './shape.ts';

/** Only the language that is shown is loaded. */
const LANGUAGES: Readonly<Record<Locale, () => Promise<Strings>>> = {
  en: async () => (await import('./en.ts')).en,
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
  es: async () => (await import('./es.ts')).es,
  ar: async () => (await import('./ar.ts')).ar,
};

/** Every word that the screens show, in the language of this page; another language is another load of the page. */
export const strings: Strings = await LANGUAGES[currentLocale()]();
