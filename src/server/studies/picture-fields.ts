import { AppError } from '../platform/errors.ts';
import type { PictureFields } from './wrap-image.ts';

/** Values that a person may give for a picture: DICOM code strings (PS3.5 6.2). */
const CODE_STRING = /^[A-Z0-9 _]{1,16}$/;

/** What the fields of a form say of the pictures that follow. @throws {AppError} `invalid-request` */
export function pictureFieldsOf(fields: Record<string, string>): PictureFields {
  const picture: PictureFields = {};
  for (const name of ['patient_id', 'patient_name', 'modality', 'body_part'] as const) {
    const value = fields[name]?.trim();
    if (!value) continue;
    const isCode = name === 'modality' || name === 'body_part';
    // A backslash would make several values, a control character another text.
    const valid = isCode ? CODE_STRING.test(value) : value.length <= 64 && !/[\\\p{Cc}]/u.test(value);
    if (!valid)
      throw new AppError('invalid-request', 'A form field is not valid', {
        fields: [{ field: name, message: isCode ? 'up to 16 of A-Z, 0-9, space and _' : 'up to 64 characters, no backslash' }],
      });
    picture[name] = value;
  }
  return picture;
}
