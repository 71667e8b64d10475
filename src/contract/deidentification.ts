import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Uid } from './fields.ts';

/** A private element that is known to hold nothing of a person: creator, group and the low byte of the element. */
export const SafePrivateElement = Type.Object({
  creator: Type.String({ minLength: 1, maxLength: 64 }),
  /** Odd group, 4 hex digits, for example `0019`. */
  group: Type.String({ pattern: '^[0-9A-Fa-f]{3}[13579BDFbdf]$' }),
  /** Element within the creator's block, 2 hex digits, for example `0C`. */
  element: Type.String({ pattern: '^[0-9A-Fa-f]{2}$' }),
});
export type SafePrivateElement = Static<typeof SafePrivateElement>;

/** What becomes of dates and times; `modify` shifts all dates of a patient by the same number of days. */
const Dates = Type.Union([Type.Literal('remove'), Type.Literal('modify'), Type.Literal('keep')]);

/** Objects whose pixels are searched for text: none, all, those that do not say that they have none, those of `pixel_modalities`. */
const CleanPixelData = Type.Union([
  Type.Literal('never'),
  Type.Literal('always'),
  Type.Literal('unless_declared_clean'),
  Type.Literal('modalities'),
]);

/** Options of DICOM PS3.15 E.3 on top of the Basic Application Level Confidentiality Profile, which always applies. */
export const DeidentificationOptions = Type.Object({
  retain_uids: Type.Boolean(),
  retain_device_identity: Type.Boolean(),
  retain_institution_identity: Type.Boolean(),
  retain_patient_characteristics: Type.Boolean(),
  dates: Dates,
  clean_descriptors: Type.Boolean(),
  clean_structured_content: Type.Boolean(),
  clean_graphics: Type.Boolean(),
  /** Keeps the private elements of PS3.15 Table E.3.10-1 that hold numbers or codes, and those of `safe_private`. */
  retain_safe_private: Type.Boolean(),
  safe_private: Type.Array(SafePrivateElement, { maxItems: 1000 }),
  /** Words that may stay in cleaned text, besides the built-in vocabulary. */
  safe_words: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 10_000 }),
  clean_pixel_data: CleanPixelData,
  pixel_modalities: Type.Array(Type.String({ pattern: '^[A-Z0-9_ ]{1,16}$' }), { maxItems: 100 }),
  /** Leaves text in the pixels that consists of safe words only, such as a side marker. */
  keep_safe_text: Type.Boolean(),
});
export type DeidentificationOptions = Static<typeof DeidentificationOptions>;

/** The Basic Profile with nothing retained and nothing kept after cleaning; pixels are searched unless the object says that they are clean. */
export const BASIC_PROFILE: DeidentificationOptions = {
  retain_uids: false,
  retain_device_identity: false,
  retain_institution_identity: false,
  retain_patient_characteristics: false,
  dates: 'remove',
  clean_descriptors: false,
  clean_structured_content: false,
  clean_graphics: false,
  retain_safe_private: false,
  safe_private: [],
  safe_words: [],
  clean_pixel_data: 'unless_declared_clean',
  pixel_modalities: [],
  keep_safe_text: false,
};

/**
 * What was done to one object: for each attribute the path of tags (with points between, without item numbers), the action of PS3.15 E.1.1 and
 * which option asked for it (`found`: an identifier stood in a text that the profile leaves alone). Never a value.
 */
export const DeidentificationReport = Type.Object({
  sop_instance_uid: Type.String(),
  study_instance_uid: Type.String(),
  changes: Type.Array(Type.Object({ path: Type.String(), action: Type.String(), option: Type.String(), count: Type.Integer() })),
  pixels: Type.Union([Type.Literal('clean'), Type.Literal('not_clean'), Type.Literal('not_searched')]),
  /** What was painted over: frame from 1; `x1` and `y1` are the first column and row outside. */
  boxes: Type.Array(Type.Object({ frame: Type.Integer(), x0: Type.Number(), y0: Type.Number(), x1: Type.Number(), y1: Type.Number() })),
  /** Where the search of the result found an identifier: paths of tags, `bytes` or `pixels`. Empty for every file that is given out. */
  leaks: Type.Array(Type.String()),
});
export type DeidentificationReport = Static<typeof DeidentificationReport>;

/** What a caller may ask for; what is left out is as in the Basic Profile. */
const RequestedOptions = Type.Partial(DeidentificationOptions);

export const NewDeidentification = Type.Object({
  options: Type.Optional(RequestedOptions),
  /** Pseudonyms of two projects never meet, so that their data cannot be joined. Of one project they are always the same. */
  project: Type.Optional(Type.String({ maxLength: 64 })),
  /** What stands for the patient; unless told, a pseudonym that is the same for all of the patient's studies in the project. */
  patient_id: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\\\^=]*$' })),
  /** Own secret for the pseudonyms instead of the tenant's, at least 32 characters; it is not kept after the work is done. */
  secret: Type.Optional(Type.String({ minLength: 32, maxLength: 256 })),
});
export type NewDeidentification = Static<typeof NewDeidentification>;

/** `incomplete`: some objects were refused, and are not in the result; `failed`: all were. */
const Status = Type.Enum(['queued', 'running', 'complete', 'incomplete', 'failed']);

export const Deidentification = Type.Object({
  id: Id,
  study_instance_uid: Uid,
  options: DeidentificationOptions,
  project: Type.String(),
  status: Status,
  /** The de-identified study; null until the first of its objects is stored. */
  result_study_instance_uid: Nullable(Uid),
  stored_count: Type.Integer(),
  /** Objects without a de-identified copy, and why. */
  refused: Type.Array(Type.Object({ sop_instance_uid: Uid, reason: Type.String() })),
  requested_by: Type.String(),
  created_at: Instant,
  finished_at: Nullable(Instant),
});
export type Deidentification = Static<typeof Deidentification>;

const studyParams = Type.Object({ study_instance_uid: Uid });
const deidentificationParams = Type.Object({ id: Id });

export const deidentifyStudy = endpoint({
  method: 'POST',
  path: '/api/v1/studies/:study_instance_uid/deidentifications',
  summary: 'Makes a de-identified copy of a study (DICOM PS3.15 Annex E) in the background; it gets the label `deidentified`',
  permission: 'study:deidentify',
  params: studyParams,
  body: NewDeidentification,
  response: Deidentification,
  status: 202,
});
export const listDeidentifications = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid/deidentifications',
  summary: 'De-identified copies that were asked for, the latest first',
  permission: 'study:deidentify',
  params: studyParams,
  response: Type.Object({ items: Type.Array(Deidentification) }),
});
export const getDeidentification = endpoint({
  method: 'GET',
  path: '/api/v1/deidentifications/:id',
  summary: 'How far a de-identification has come, and what it refused',
  permission: 'study:deidentify',
  params: deidentificationParams,
  response: Deidentification,
});
export const getDeidentificationReport = endpoint({
  method: 'GET',
  path: '/api/v1/deidentifications/:id/report',
  summary: 'Every attribute touched and every box painted, for each object: tags and actions, no values',
  permission: 'study:deidentify',
  params: deidentificationParams,
  response: Type.Object({ items: Type.Array(DeidentificationReport) }),
});
export const getDeidentificationArchive = endpoint({
  method: 'GET',
  path: '/api/v1/deidentifications/:id/archive',
  summary: 'The de-identified study as a ZIP archive of DICOM files',
  permission: 'study:deidentify',
  params: deidentificationParams,
  response: Type.Unknown(),
  produces: 'application/zip',
  audit: 'export',
});
