/**
 * Every way in which a request can fail, once. Services throw `AppError(kind, detail)`; each door says it in its own protocol.
 * `dimse` is the C-STORE status (PS3.7 annex C, PS3.4 B.2.3); `retry`: the same request may succeed later.
 */
export const ERROR_KINDS = {
  'invalid-request': { title: 'The request is not valid', http: 400, dimse: 0xc000, retry: false },
  'invalid-dicom': { title: 'Not a readable DICOM object', http: 400, dimse: 0xc000, retry: false },
  'invalid-image': { title: 'Not a readable picture', http: 400, dimse: 0xc000, retry: false },
  'invalid-archive': { title: 'Not an acceptable archive', http: 400, dimse: 0xc000, retry: false },
  'nothing-stored': { title: 'None of the files could be stored', http: 400, dimse: 0xc000, retry: false },
  infected: { title: 'Refused by the virus scanner', http: 422, dimse: 0xc000, retry: false },
  'address-refused': { title: 'This address may not be reached from here', http: 400, dimse: 0xc000, retry: false },
  unauthenticated: { title: 'Sign in first', http: 401, dimse: 0x0124, retry: false },
  'wrong-credentials': { title: 'User name or password is wrong', http: 401, dimse: 0x0124, retry: false },
  forbidden: { title: 'Not allowed', http: 403, dimse: 0x0124, retry: false },
  'not-found': { title: 'No such resource', http: 404, dimse: 0xc000, retry: false },
  'patient-not-found': { title: 'No such patient', http: 404, dimse: 0xc000, retry: false },
  'study-not-found': { title: 'No such study', http: 404, dimse: 0xc000, retry: false },
  'instance-not-found': { title: 'No such instance', http: 404, dimse: 0xc000, retry: false },
  'analysis-not-found': { title: 'No such analysis', http: 404, dimse: 0xc000, retry: false },
  'finding-not-found': { title: 'No such finding', http: 404, dimse: 0xc000, retry: false },
  'report-not-found': { title: 'No such report', http: 404, dimse: 0xc000, retry: false },
  'prediction-not-found': { title: 'No such prediction', http: 404, dimse: 0xc000, retry: false },
  'diagnosis-not-found': { title: 'No such diagnosis', http: 404, dimse: 0xc000, retry: false },
  'model-not-found': { title: 'No such model', http: 404, dimse: 0xc000, retry: false },
  'events-gone': { title: 'Events of that time are no longer kept', http: 410, dimse: 0xc000, retry: false },
  'webhook-not-found': { title: 'No such webhook', http: 404, dimse: 0xc000, retry: false },
  'not-acceptable': { title: 'Nothing of the kinds that are accepted can be given', http: 406, dimse: 0xc000, retry: false },
  'range-not-satisfiable': { title: 'The byte range lies outside of the content', http: 416, dimse: 0xc000, retry: false },
  'no-pixels': { title: 'The object holds no picture', http: 409, dimse: 0xc000, retry: false },
  'conflicting-instance': { title: 'The same SOP Instance UID is held with other bytes', http: 409, dimse: 0xc000, retry: false },
  'wrong-state': { title: 'Not possible in the present state', http: 409, dimse: 0xc000, retry: false },
  'precondition-failed': { title: 'Changed by somebody else in the meantime', http: 412, dimse: 0xc000, retry: false },
  'precondition-required': { title: 'The request has to say which version it changes', http: 428, dimse: 0xc000, retry: false },
  'on-hold': { title: 'Kept by a retention hold', http: 409, dimse: 0xc000, retry: false },
  'too-large': { title: 'Too large', http: 413, dimse: 0xa700, retry: false },
  'unsupported-media-type': { title: 'Media type not supported', http: 415, dimse: 0xc000, retry: false },
  'unsupported-transfer-syntax': { title: 'Transfer syntax not supported', http: 415, dimse: 0xc000, retry: false },
  'too-many-requests': { title: 'Too many requests', http: 429, dimse: 0xa700, retry: true },
  internal: { title: 'Internal error', http: 500, dimse: 0x0110, retry: true },
  unavailable: { title: 'Not available at present', http: 503, dimse: 0xa700, retry: true },
  'storage-full': { title: 'No space left to store', http: 507, dimse: 0xa700, retry: true },
} as const satisfies Record<string, { title: string; http: number; dimse: number; retry: boolean }>;

export type ErrorKind = keyof typeof ERROR_KINDS;
export type FieldError = { field: string; message: string };

/** An expected failure. `detail` is shown to the caller and logged: never patient data in it. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly fields: FieldError[];

  constructor(kind: ErrorKind, detail: string, options: { fields?: FieldError[]; cause?: unknown } = {}) {
    super(detail, { cause: options.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.fields = options.fields ?? [];
  }
}
