/** How keys are matched beyond what every query may rely on (PS3.4 C.5.1.1, extended negotiation). */
export type Matching = {
  /** Fuzzy semantic matching of person names. */
  fuzzy: boolean;
  /** A date and its time are one range of moments. */
  combined: boolean;
  /** Of several values of a key each must match. */
  everyValue: boolean;
};

/** Without extended negotiation. */
export const BASELINE: Matching = { fuzzy: false, combined: false, everyValue: false };

/** Bytes of the service class application information (PS3.4 table C.5-1), and which of them are answered as they were asked. */
const AS_ASKED = { relational: 0, combined: 1, fuzzy: 2, emptyValues: 5, everyValue: 6 } as const;

/** The answer to a proposal of extended negotiation: what is done of what was asked, in as many bytes. */
export function answerInformation(proposed: Uint8Array): Uint8Array {
  const done: ReadonlySet<number> = new Set(Object.values(AS_ASKED));
  return proposed.map((byte, index) => (done.has(index) && byte === 1 ? 1 : 0));
}

/** How keys are matched after an answer. Queries are always answered relationally, and empty values matched. */
export function matchingOf(answered: Uint8Array): Matching {
  return {
    fuzzy: answered[AS_ASKED.fuzzy] === 1,
    combined: answered[AS_ASKED.combined] === 1,
    everyValue: answered[AS_ASKED.everyValue] === 1,
  };
}
