import { wordsIn } from '../strings.ts';
import { en } from './en.ts';

const words = await wordsIn<typeof en>({
  en: async () => en,
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
  es: async () => (await import('./es.ts')).es,
  ar: async () => (await import('./ar.ts')).ar,
});

/** The title of a model's finding or score in the user's language; what a person wrote, and what a model of the site says, stays as it is. */
export function findingTitle({ code, title }: { code: string; title: string }): string {
  return words.findings[code] ?? title;
}

/** Why a piece of history matters, in the user's language. */
export function relevanceReason({ rule, reason }: { rule: string; reason: string }): string {
  return words.relevance[rule] ?? reason;
}
