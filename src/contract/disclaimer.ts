/** Stands beside every result of a model, on the wire, on the screen and on paper. */
export const DISCLAIMER = 'Research use. Not a medical device. A result of software that a qualified reader must confirm.';
