/** Guesses, as a power of ten, below which a password is refused: where zxcvbn calls a password safe also against who has stolen its hash. */
const LEAST_GUESSES_LOG10 = 10;
/** Only so much is looked at: what is longer than this and still weak repeats itself within it. */
const MAX_LOOKED_AT = 64;
/** Words of the trade and of other languages' seasons, which the library's lists do not have. */
const TRADE_WORDS =
  `isocenter radiology radiologist hospital clinic imaging dicom pacs scanner orthanc postgres frühling sommer herbst passwort
klinik krankenhaus radiologie hôpital clinique printemps été automne hiver contraseña verano otoño invierno primavera`.split(/\s+/);

/**
 * Whether a password is one of those that guessers try first: one of the 49,000 commonest, common words (also with signs for letters),
 * names and years, walks over the keyboard, sequences, repetitions, and words that belong to the person or the place (zxcvbn, Wheeler
 * 2016, with the lists of @zxcvbn-ts/language-common, which are on this machine).
 *
 * @param own names that a guesser would try: user name, full name, hospital
 */
export async function isGuessable(password: string, own: readonly string[] = []): Promise<boolean> {
  const text = [...password.normalize('NFKC')].slice(0, MAX_LOOKED_AT).join('');
  // Loaded where a password is chosen and given up again: the lists take 25 MB, and an hour passes between two of them.
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  const zxcvbn = new ZxcvbnFactory({ graphs: adjacencyGraphs, dictionary: { ...dictionary, trade: TRADE_WORDS } });
  const words = wordsOf(own);
  // Several names in a row are many guesses for zxcvbn, and few for a colleague: what is left without them has to do as well.
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), text.toLowerCase());
  return [text, rest].some((part) => zxcvbn.check(part, words).guessesLog10 < LEAST_GUESSES_LOG10);
}

/** The words in names, the longest first; what stands together as well. */
function wordsOf(own: readonly string[]): string[] {
  const parts = own.flatMap((name) => {
    const lower = name.normalize('NFKC').toLowerCase();
    return [lower.replaceAll(/[^\p{L}\p{N}]/gu, ''), ...lower.split(/[^\p{L}\p{N}]+/u)];
  });
  return [...new Set(parts)].filter((part) => part.length >= 3).toSorted((one, other) => other.length - one.length);
}
