import type { DeidentificationOptions } from '../../contract/deidentification.ts';
import { type DataSet, DicomError, itemsOf, type Part10, textOf } from '../data-set.ts';
import { Tag } from '../tags.ts';
import { type Change, type Context, note } from './context.ts';
import { deidentifyItem } from './deidentify-item.ts';
import { type Identifiers, identifiersOf } from './identifiers.ts';
import { methodCodes, methodTexts } from './method-codes.ts';
import { foldText } from './normalize-text.ts';
import { withoutEmbeddedText, withoutOverlayBits } from './pixel-leftovers.ts';
import { chosenOptions } from './profile.ts';
import { type Mac, shiftDaysOf } from './pseudonyms.ts';
import { safePrivateOf } from './safe-private.ts';

export type DeidentifyRequest = {
  options: DeidentificationOptions;
  mac: Mac;
  /** What stands for the patient; without them the values are empty (PS3.15 E.1.1, action Z). */
  patientId?: string | undefined;
  patientName?: string | undefined;
  /** Overlay groups ("6000") in whose pictures no text was found; with the Clean Graphics Option they stay. */
  cleanOverlays?: ReadonlySet<string> | undefined;
  /** Whether the pixels of the object were searched for text and painted over: then the copy says so (code 113101). */
  pixelsAreClean?: boolean | undefined;
};

/** The de-identified object, what was done to get it, and what must not be found in it. */
export type Deidentified = { part10: Part10; changes: Change[]; identifiers: Identifiers };

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';

/**
 * A copy of the object under the Basic Application Level Confidentiality Profile of PS3.15 Annex E and the options asked for. Preamble,
 * file meta information, private attributes, comments inside of compressed frames and overlay bits beside the pixels are gone; what was
 * done is written into the object (0012,0062) to (0012,0064) and (0028,0303). Samples of the pixels do not change here.
 *
 * @throws {DicomError} for a directory (DICOMDIR), which lists other objects
 */
export function deidentify(part10: Part10, request: DeidentifyRequest): Deidentified {
  const { options, mac } = request;
  const { dataSet, transferSyntaxUid } = part10;
  const sopClassUid = textOf(dataSet, Tag.SOPClassUID) ?? textOf(part10.meta, Tag.MediaStorageSOPClassUID) ?? '';
  if (sopClassUid === MEDIA_STORAGE_DIRECTORY || dataSet[Tag.DirectoryRecordSequence] !== undefined) {
    throw new DicomError('a directory of other objects cannot be de-identified');
  }
  const shiftDays = shiftDaysOf(mac, dataSet);
  const context: Context = {
    options,
    chosen: chosenOptions(options),
    mac,
    sopClassUid,
    identifiers: identifiersOf(dataSet, options, shiftDays),
    shiftDays,
    safePrivate: safePrivateOf(options.safe_private),
    safeWords: new Set(options.safe_words.flatMap((words) => foldText(words).split(/\s+/))),
    cleanOverlays: request.cleanOverlays ?? new Set(),
    changes: new Map(),
    cleanTexts: new Set(),
  };
  const treated = deidentifyItem(context, dataSet, { path: '', atRoot: true, dummy: false });
  const cleaned = withoutLostOverlays(context, treated);
  const pixels = withoutEmbeddedText(withoutOverlayBits(dataSet, cleaned), transferSyntaxUid);
  const signed = withMethod({ ...pixels, ...pseudonyms(context, treated, request) }, dataSet, request);
  return {
    part10: { meta: {}, dataSet: signed, transferSyntaxUid },
    changes: [...context.changes.values()],
    identifiers: context.identifiers,
  };
}

/** An overlay without its data is none: the rest of its group goes, too. */
function withoutLostOverlays(context: Context, dataSet: DataSet): DataSet {
  const result: DataSet = {};
  for (const [tag, attribute] of Object.entries(dataSet)) {
    const isOverlay = /^60[0-9A-F]{2}/.test(tag);
    if (isOverlay && dataSet[`${tag.slice(0, 4)}3000`] === undefined) note(context, tag, 'X');
    else result[tag] = attribute;
  }
  return result;
}

function pseudonyms(context: Context, treated: DataSet, { patientId, patientName }: DeidentifyRequest): DataSet {
  const result: DataSet = {};
  if (patientId !== undefined) result[Tag.PatientID] = { vr: 'LO', Value: [patientId] };
  if (patientName !== undefined) result[Tag.PatientName] = { vr: 'PN', Value: [{ Alphabetic: patientName }] };
  for (const tag of Object.keys(result)) if (treated[tag] === undefined) note(context, tag, 'D');
  return result;
}

/** Says in the object itself what was done to it (PS3.15 E.1.1 item 6, PS3.3 C.12.1 and C.7.1.1). */
function withMethod(dataSet: DataSet, original: DataSet, { options, pixelsAreClean = false }: DeidentifyRequest): DataSet {
  const codes = methodCodes(options, { pixelsAreClean, earlier: itemsOf(original, Tag.DeidentificationMethodCodeSequence) });
  const temporal = { remove: 'REMOVED', modify: 'MODIFIED', keep: 'UNMODIFIED' }[options.dates];
  const said: DataSet = {
    ...dataSet,
    [Tag.PatientIdentityRemoved]: { vr: 'CS', Value: ['YES'] },
    [Tag.DeidentificationMethod]: { vr: 'LO', Value: methodTexts(options, pixelsAreClean) },
    [Tag.DeidentificationMethodCodeSequence]: { vr: 'SQ', Value: codes },
    [Tag.LongitudinalTemporalInformationModified]: { vr: 'CS', Value: [temporal] },
    ...(pixelsAreClean ? { [Tag.BurnedInAnnotation]: { vr: 'CS', Value: ['NO'] } } : {}),
  };
  return Object.fromEntries(Object.entries(said).sort(([a], [b]) => (a < b ? -1 : 1)));
}
