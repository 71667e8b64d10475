import { type DataSet, numberOf, personNameOf, textOf } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { AppError } from '../platform/errors.ts';
import type { Annotation } from '../transcoding/picture-options.ts';

const KINDS = ['patient', 'technique'] as const;
/** What of an object is drawn into its pictures (PS3.18 8.3.5.1.1). */
export type AnnotationKind = (typeof KINDS)[number];

/** Reads the parameter `annotation`. @throws {AppError} `invalid-request` */
export function annotationKindsOf(text: string | undefined): AnnotationKind[] {
  const words = (text ?? '').split(',').map((word) => word.trim().toLowerCase());
  const named = words.filter((word) => word !== '');
  if (named.some((word) => !KINDS.some((kind) => kind === word)))
    throw new AppError('invalid-request', 'annotation takes patient, technique or both');
  return KINDS.filter((kind) => named.includes(kind));
}

/** The lines for a frame: who it is of at the top, how it was made at the bottom. Undefined if nothing is asked for. */
export function annotationOf(
  kinds: readonly AnnotationKind[],
  dataSet: DataSet,
  { number, count }: { number: number; count: number },
): Annotation | undefined {
  if (kinds.length === 0) return undefined;
  return {
    top: kinds.includes('patient') ? patientLines(dataSet) : [],
    bottom: kinds.includes('technique') ? techniqueLines(dataSet, count > 1 ? `frame ${number} of ${count}` : undefined) : [],
  };
}

function patientLines(dataSet: DataSet): string[] {
  const name = personNameOf(dataSet, Tag.PatientName);
  const born = dateText(textOf(dataSet, Tag.PatientBirthDate));
  return lines(
    [nameText(name?.Alphabetic), nameText(name?.Ideographic)],
    [textOf(dataSet, Tag.PatientID)],
    [born && `born ${born}`, textOf(dataSet, Tag.PatientSex), textOf(dataSet, Tag.PatientAge)],
  );
}

function techniqueLines(dataSet: DataSet, frame: string | undefined): string[] {
  const series = numberOf(dataSet, Tag.SeriesNumber);
  const image = numberOf(dataSet, Tag.InstanceNumber);
  const [kilovolt, thickness] = [numberOf(dataSet, Tag.KVP), numberOf(dataSet, Tag.SliceThickness)];
  const place = numberOf(dataSet, Tag.SliceLocation);
  return lines(
    [textOf(dataSet, Tag.Modality), dateText(textOf(dataSet, Tag.StudyDate)), timeText(textOf(dataSet, Tag.StudyTime))],
    [series === undefined ? undefined : `series ${series}`, textOf(dataSet, Tag.SeriesDescription)],
    [image === undefined ? undefined : `image ${image}`, frame],
    [
      kilovolt && `${kilovolt} kV`,
      thickness && `${thickness} mm`,
      place === undefined ? undefined : `at ${Math.round(place * 10) / 10} mm`,
    ],
  );
}

function lines(...parts: (string | number | undefined)[][]): string[] {
  return parts.map((words) => words.filter(Boolean).join('  ')).filter((line) => line !== '');
}

/** `Family^Given^Middle^Prefix^Suffix` as it is read. */
function nameText(name: string | undefined): string | undefined {
  const [family, ...others] = (name ?? '').split('^').map((part) => part.trim());
  return [family, others.filter(Boolean).join(' ')].filter(Boolean).join(', ') || undefined;
}

function dateText(date: string | undefined): string | undefined {
  return /^\d{8}$/.test(date ?? '') ? date?.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3') : undefined;
}

function timeText(time: string | undefined): string | undefined {
  return /^\d{4}/.test(time ?? '') ? `${time?.slice(0, 2)}:${time?.slice(2, 4)}` : undefined;
}
