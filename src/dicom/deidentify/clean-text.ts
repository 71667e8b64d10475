import { saysIdentifier } from './find-identifiers.ts';
import type { Identifiers } from './identifiers.ts';
import { foldText } from './normalize-text.ts';
import { isSafeWord } from './safe-words.ts';

/** Signs between two words that both stay. */
const KEPT_SIGNS = /^(?:\s*[-+/&,;:()%.]+\s*|\s+)$/;

/**
 * What of a text is proved clean (action C of the Clean Descriptors Option, PS3.15 E.3.5 note 2): words of the vocabulary that are no
 * part of any identifier of the object, with the signs between them. All else is left out, whether it is a name or not; undefined if
 * nothing stays. "CT chest abdomen - 55F Dr. Smith" becomes "CT chest abdomen".
 * @param more folded words that may stay besides the vocabulary
 */
export function cleanText(text: string, identifiers: Identifiers, more: ReadonlySet<string>): string | undefined {
  let result = '';
  let sign = '';
  let wasKept = false;
  for (const [, word = '', between = ''] of text.matchAll(/([\p{L}\p{N}\p{M}]+(?:\.\p{N}+)?)|([^\p{L}\p{N}\p{M}]+)/gu)) {
    if (word === '') {
      sign = between;
      continue;
    }
    const stays = isSafeWord(word, more) && !identifiers.words.has(foldText(word));
    if (stays) {
      const glue = wasKept && KEPT_SIGNS.test(sign) ? sign : ' ';
      result += result === '' ? word : glue + word;
    }
    wasKept = stays;
    sign = '';
  }
  const cleaned = result.trim();
  if (cleaned === '' || saysIdentifier(cleaned, identifiers, 'text')) return undefined;
  return cleaned;
}
