import { createHmac } from 'node:crypto';
import type { DeidentificationOptions, DeidentificationReport } from '../../contract/deidentification.ts';
import { type DataSet, DicomError, numberOf, type Part10, textOf } from '../../dicom/data-set.ts';
import { deidentify } from '../../dicom/deidentify/deidentify.ts';
import { foldText } from '../../dicom/deidentify/normalize-text.ts';
import { type Mac, pseudonymPatientId } from '../../dicom/deidentify/pseudonyms.ts';
import { isSafeWord } from '../../dicom/deidentify/safe-words.ts';
import { saysInPicture, searchOutput } from '../../dicom/deidentify/search-output.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import { Tag } from '../../dicom/tags.ts';
import { writePart10 } from '../../dicom/write.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import { type CleanedPixels, cleanPixels, overlayHasText } from '../../inference/ocr/clean-pixels.ts';
import type { TextNetworks } from '../../inference/ocr/text-networks.ts';
import { deflateRaw, inflateRaw } from '../studies/read-arrival.ts';

/** How to de-identify a file. `key` makes the pseudonyms; it is never in the output. */
export type FileRequest = {
  options: DeidentificationOptions;
  key: Uint8Array;
  /** What stands for the patient; where undefined, a pseudonym made of the key and the patient's own ID. */
  patientId?: string | undefined;
  patientName?: string | undefined;
};

/** A de-identified file, or why there is none; `report` is missing where the file could not even be read. */
export type FileOutcome =
  | { status: 'deidentified'; file: Uint8Array; report: DeidentificationReport }
  | { status: 'refused'; reason: string; report?: DeidentificationReport };

/**
 * De-identifies one file of PS3.10: text in its pixels is painted over, its attributes are treated as the profile and options say, and
 * what comes out is searched, bytes and pixels, for every identifier of what went in. A file in which one is found, or whose pixels were to be
 * cleaned and cannot be, is refused: nothing of it is given out.
 *
 * @param openNetworks opened when the first picture asks for them
 */
export async function deidentifyFile(
  bytes: Uint8Array,
  request: FileRequest,
  openNetworks: () => Promise<TextNetworks>,
): Promise<FileOutcome> {
  try {
    return await process(parsePart10(bytes, { inflateRaw }), request, openNetworks);
  } catch (error) {
    if (error instanceof DicomError || error instanceof ImagingError) return { status: 'refused', reason: error.message };
    throw error;
  }
}

async function process(part10: Part10, request: FileRequest, openNetworks: () => Promise<TextNetworks>): Promise<FileOutcome> {
  const { options } = request;
  const mac: Mac = (text) => new Uint8Array(createHmac('sha256', request.key).update(text).digest());
  const looked = mustCleanPixels(part10.dataSet, options);
  const pixels = looked ? await cleanPixels(await openNetworks(), part10, { maySay: safeText(options), inflateRaw }) : untouched(part10);
  const cleanOverlays = options.clean_graphics ? await overlaysWithoutText(part10.dataSet, openNetworks) : new Set<string>();
  const pseudonym = pseudonymPatientId(mac, part10.dataSet);
  const deidentified = deidentify(pixels.part10, {
    options,
    mac,
    patientId: request.patientId ?? pseudonym,
    patientName: request.patientName ?? request.patientId ?? pseudonym,
    cleanOverlays,
    pixelsAreClean: looked,
  });
  const file = writePart10(deidentified.part10, { deflateRaw });
  const leaks = searchOutput(file, deidentified.identifiers, inflateRaw).map(({ where }) => where);
  if (saysInPicture(pixels.texts, deidentified.identifiers)) leaks.push('pixels');
  const report = reportOf(deidentified, { looked, pixels, leaks });
  if (!pixels.isClean) return { status: 'refused', reason: 'text in the pixels could not be removed', report };
  if (leaks.length > 0) return { status: 'refused', reason: 'an identifier was found in the result', report };
  return { status: 'deidentified', file, report };
}

function reportOf(
  { part10, changes }: ReturnType<typeof deidentify>,
  { looked, pixels, leaks }: { looked: boolean; pixels: CleanedPixels; leaks: string[] },
): DeidentificationReport {
  return {
    sop_instance_uid: textOf(part10.dataSet, Tag.SOPInstanceUID) ?? '',
    study_instance_uid: textOf(part10.dataSet, Tag.StudyInstanceUID) ?? '',
    changes: changes.map(({ path, action, count, option }) => ({ path, action, count, option: option ?? 'basic' })),
    pixels: looked ? (pixels.isClean ? 'clean' : 'not_clean') : 'not_searched',
    boxes: pixels.boxes.map(({ frame, x0, y0, x1, y1 }) => ({ frame, x0, y0, x1, y1 })),
    leaks,
  };
}

/** Whether the pixels are to be searched for text: as the policy says, and only where there are any. */
function mustCleanPixels(dataSet: DataSet, { clean_pixel_data, pixel_modalities }: DeidentificationOptions): boolean {
  const hasPixels = [Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData].some((tag) => dataSet[tag] !== undefined);
  if (!hasPixels || clean_pixel_data === 'never') return false;
  if (clean_pixel_data === 'modalities') return pixel_modalities.includes(textOf(dataSet, Tag.Modality) ?? '');
  return clean_pixel_data === 'always' || textOf(dataSet, Tag.BurnedInAnnotation) !== 'NO';
}

function safeText({ keep_safe_text, safe_words }: DeidentificationOptions): ((text: string) => boolean) | undefined {
  if (!keep_safe_text) return undefined;
  const more = new Set(safe_words.flatMap((words) => foldText(words).split(/\s+/)));
  return (text) => isSafeWord(text, more);
}

function untouched(part10: Part10): CleanedPixels {
  return { part10, boxes: [], texts: [], isClean: true };
}

async function overlaysWithoutText(dataSet: DataSet, openNetworks: () => Promise<TextNetworks>): Promise<Set<string>> {
  const clean = new Set<string>();
  for (const tag of Object.keys(dataSet).filter((one) => /^60[0-9A-F]{2}3000$/.test(one))) {
    const group = tag.slice(0, 4);
    const [rows, columns] = [numberOf(dataSet, `${group}0010`), numberOf(dataSet, `${group}0011`)];
    const frames = numberOf(dataSet, `${group}0015`) ?? 1;
    const bits = dataSet[tag]?.bytes;
    if (rows === undefined || columns === undefined || bits === undefined || frames !== 1) continue;
    if (rows * columns < 1 || bits.length * 8 < rows * columns) continue;
    if (!(await overlayHasText(await openNetworks(), bits, { rows, columns }))) clean.add(group);
  }
  return clean;
}
