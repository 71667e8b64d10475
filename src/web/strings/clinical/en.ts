type ByName = Readonly<Record<string, string>>;

/**
 * What the server words in English and names by a code as well: titles of the findings and scores of the bundled models, and why a piece of
 * history matters. English itself is as the server says it.
 */
export const en: { findings: ByName; relevance: ByName } = { findings: {}, relevance: {} };
