import { type Static, Type } from 'typebox';

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
