import { foldText, isStopWord } from './fold-text.ts';

/** More words than this are no name of one thing. */
const MAX_TERM_WORDS = 6;
/** Further words of a question hardly change what is found, and each costs time. */
const MAX_WORDS = 48;
/** Synonyms of one thing: more of them find more of other things. */
const MAX_SYNONYMS = 8;

/** One thing that is looked for: how it was said, and what else it is called. All folded (`foldText`). */
export type Concept = {
  text: string;
  synonyms: string[];
  /** Whether the thesaurus has it: then it is no name of a person. */
  isKnown: boolean;
};

/** Every run of words of a text that could be a term of the thesaurus. */
export function candidateTerms(text: string): string[] {
  const words = wordsOf(text);
  const terms = new Set<string>();
  for (let from = 0; from < words.length; from += 1)
    for (let count = 1; count <= MAX_TERM_WORDS && from + count <= words.length; count += 1)
      terms.add(words.slice(from, from + count).join(' '));
  return [...terms];
}

/**
 * The things that a text speaks of: from the left, the longest run of words that the thesaurus knows is one; each other word is one by
 * itself, unless it tells nothing (`the`, `with`). Each comes once.
 *
 * @param synonymsOf by folded term, what else it is called; the first eight are taken
 */
export function conceptsOf(text: string, synonymsOf: ReadonlyMap<string, readonly string[]>): Concept[] {
  const words = wordsOf(text);
  const concepts = new Map<string, Concept>();
  for (let from = 0; from < words.length; ) {
    const term = longestTerm(words, from, synonymsOf) ?? words[from] ?? '';
    const synonyms = synonymsOf.get(term) ?? [];
    if (!isStopWord(term))
      concepts.set(term, {
        text: term,
        synonyms: synonyms.filter((synonym) => synonym !== term).slice(0, MAX_SYNONYMS),
        isKnown: synonymsOf.has(term),
      });
    from += term.split(' ').length;
  }
  return [...concepts.values()];
}

function longestTerm(words: readonly string[], from: number, known: ReadonlyMap<string, unknown>): string | undefined {
  for (let count = Math.min(MAX_TERM_WORDS, words.length - from); count >= 1; count -= 1) {
    const term = words.slice(from, from + count).join(' ');
    if (known.has(term)) return term;
  }
  return undefined;
}

function wordsOf(text: string): string[] {
  return foldText(text)
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, MAX_WORDS);
}
