/** Words that tell nothing of what is looked for. */
const STOP_WORDS = new Set(
  (
    'a an and are as at be been by can could did do does for from had has have how i if in into is it its may might no not of on or our should ' +
    'so than that the their them there these they this those to was we were what when where which who whom why will with would you your'
  ).split(' '),
);

/** The text as words of letters and digits with one space between them: lower case, without diacritics and punctuation. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Whether the folded word is one that a search leaves out. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}
