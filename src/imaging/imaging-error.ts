/** Pixels that cannot be turned into numbers as described; says why, never a patient value. */
export class ImagingError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'ImagingError';
  }
}
