import { createHash } from 'node:crypto';
import type { DataSet, Vr } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { ExplicitVrLittleEndian } from '../../dicom/uids.ts';
import { writePart10 } from '../../dicom/write.ts';
import { decodePicture, type Picture } from './decode-picture.ts';

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

/** What a person may say of a picture that carries nothing itself. */
export type PictureFields = {
  patient_id?: string;
  patient_name?: string;
  modality?: string;
  body_part?: string;
  /** Of a patient who is known: with them the picture comes to that record. The birth date as DICOM has it. */
  issuer?: string;
  birth_date?: string;
  sex?: string;
};

/**
 * Wraps a PNG, JPEG or TIFF as a Secondary Capture, whatever its modality: what other classes must tell, as of the detector, nobody knows of
 * a picture file. It is always marked as derived.
 *
 * The UIDs come from the content and the fields, so that the same picture sent twice is one instance.
 *
 * @throws {AppError} `invalid-image`, `too-large`
 */
export async function wrapImage(bytes: Uint8Array, fields: PictureFields): Promise<Uint8Array> {
  const picture = await decodePicture(bytes);
  const digest = createHash('sha256')
    .update(bytes)
    .update(JSON.stringify([fields.patient_id, fields.patient_name, fields.modality, fields.body_part, ...knownPatient(fields)]))
    .digest('hex');
  const uid = (part: string): string =>
    `2.25.${BigInt(`0x${createHash('sha256').update(digest).update(part).digest('hex').slice(0, 32)}`)}`;
  const dataSet = sorted({
    ...general(fields, { digest, uid }),
    ...derivation(picture),
    // Films bear names and marks of sides.
    ...(fields.modality === 'DX' ? { [Tag.BurnedInAnnotation]: text('CS', 'YES') } : {}),
    ...pixelModule(picture),
  });
  return writePart10({ dataSet, transferSyntaxUid: ExplicitVrLittleEndian });
}

type Names = { digest: string; uid: (part: string) => string };

function general(fields: PictureFields, { digest, uid }: Names): DataSet {
  return {
    [Tag.SOPClassUID]: text('UI', SECONDARY_CAPTURE),
    [Tag.SOPInstanceUID]: text('UI', uid('instance')),
    [Tag.StudyInstanceUID]: text('UI', uid('study')),
    [Tag.SeriesInstanceUID]: text('UI', uid('series')),
    // Nobody said when the picture was taken; the day of its upload would be a false study date.
    [Tag.StudyDate]: { vr: 'DA' },
    [Tag.StudyTime]: { vr: 'TM' },
    [Tag.AccessionNumber]: { vr: 'SH' },
    [Tag.ReferringPhysicianName]: { vr: 'PN' },
    [Tag.StudyID]: { vr: 'SH' },
    [Tag.SeriesNumber]: text('IS', 1),
    [Tag.InstanceNumber]: text('IS', 1),
    [Tag.Modality]: text('CS', fields.modality ?? 'OT'),
    [Tag.Manufacturer]: text('LO', 'Isocenter'),
    [Tag.PatientName]: fields.patient_name ? { vr: 'PN', Value: [nameOf(fields.patient_name)] } : { vr: 'PN' },
    [Tag.PatientID]: text('LO', fields.patient_id ?? `PICTURE-${digest.slice(0, 12).toUpperCase()}`),
    ...(fields.issuer ? { [Tag.IssuerOfPatientID]: text('LO', fields.issuer) } : {}),
    [Tag.PatientBirthDate]: fields.birth_date ? text('DA', fields.birth_date) : { vr: 'DA' },
    [Tag.PatientSex]: fields.sex ? text('CS', fields.sex) : { vr: 'CS' },
    [Tag.PatientOrientation]: { vr: 'CS' },
    [Tag.SeriesDescription]: text('LO', 'Picture file wrapped as DICOM'),
    ...(fields.body_part ? { [Tag.BodyPartExamined]: text('CS', fields.body_part) } : {}),
  };
}

/** Empty where nothing is known, so that pictures of before keep their UIDs. */
function knownPatient({ issuer, birth_date, sex }: PictureFields): string[] {
  return issuer || birth_date || sex ? [issuer ?? '', birth_date ?? '', sex ?? ''] : [];
}

/** The component groups of a name as it is written (PS3.5 6.2.1.1). */
function nameOf(name: string): { Alphabetic?: string; Ideographic?: string; Phonetic?: string } {
  const [alphabetic, ideographic, phonetic] = name.split('=');
  return {
    ...(alphabetic ? { Alphabetic: alphabetic } : {}),
    ...(ideographic ? { Ideographic: ideographic } : {}),
    ...(phonetic ? { Phonetic: phonetic } : {}),
  };
}

function derivation({ format, lossy }: Picture): DataSet {
  return {
    [Tag.ImageType]: { vr: 'CS', Value: ['DERIVED', 'SECONDARY'] },
    [Tag.ConversionType]: text('CS', 'WSD'),
    [Tag.DerivationDescription]: text('ST', `Converted from a ${format.toUpperCase()} file`),
    ...(lossy
      ? { [Tag.LossyImageCompression]: text('CS', '01'), [Tag.LossyImageCompressionMethod]: text('CS', 'ISO_10918_1') }
      : { [Tag.LossyImageCompression]: text('CS', '00') }),
  };
}

function pixelModule({ width, height, channels, bits, pixels }: Picture): DataSet {
  return {
    [Tag.SamplesPerPixel]: { vr: 'US', Value: [channels] },
    [Tag.PhotometricInterpretation]: text('CS', channels === 1 ? 'MONOCHROME2' : 'RGB'),
    ...(channels === 3 ? { [Tag.PlanarConfiguration]: { vr: 'US' as Vr, Value: [0] } } : {}),
    [Tag.Rows]: { vr: 'US', Value: [height] },
    [Tag.Columns]: { vr: 'US', Value: [width] },
    [Tag.BitsAllocated]: { vr: 'US', Value: [bits] },
    [Tag.BitsStored]: { vr: 'US', Value: [bits] },
    [Tag.HighBit]: { vr: 'US', Value: [bits - 1] },
    [Tag.PixelRepresentation]: { vr: 'US', Value: [0] },
    [Tag.PixelData]: { vr: bits === 16 ? 'OW' : 'OB', bytes: pixels },
  };
}

function text(vr: Vr, value: string | number): { vr: Vr; Value: (string | number)[] } {
  return { vr, Value: [value] };
}

function sorted(dataSet: DataSet): DataSet {
  return Object.fromEntries(Object.entries(dataSet).sort(([a], [b]) => (a < b ? -1 : 1)));
}
