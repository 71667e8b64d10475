/**
 * - `busy`: the queue is full, try later
 * - `closed`: the pool no longer takes work
 * - `crashed`: the thread that held the task died; another takes its place
 * - `unknown-model`: no such package is loaded
 * - `invalid-picture`: the bytes are not a picture that we read
 * - `failed`: the network or its output is not usable
 */
export type InferenceErrorKind = 'busy' | 'closed' | 'crashed' | 'unknown-model' | 'invalid-picture' | 'failed';

/** Why a model gave no answer. The message holds no patient data. */
export class InferenceError extends Error {
  readonly kind: InferenceErrorKind;

  constructor(kind: InferenceErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InferenceError';
    this.kind = kind;
  }
}

/** The queue is full; nothing was begun, and the same request may succeed later. */
export class InferenceBusy extends InferenceError {
  constructor(waiting: number) {
    super('busy', `${waiting} tasks are waiting for a model already`);
    this.name = 'InferenceBusy';
  }
}

/** A model package that must not be loaded. The message names the file and, for a card, the field. */
export class ModelPackageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelPackageError';
  }
}
