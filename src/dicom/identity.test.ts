import { describe, expect, it } from 'vitest';
import { ctObject } from '../../test/conformance/dicom-objects.ts';
import { type Attribute, DicomError } from './data-set.ts';
import { readIdentity } from './identity.ts';
import { Tag } from './tags.ts';

function identityWith(changes: Record<string, Attribute>) {
  const part10 = ctObject();
  Object.assign(part10.dataSet, changes);
  return readIdentity(part10);
}

describe('the identity of an object', () => {
  it('has what the object says and undefined for the rest', () => {
    expect(readIdentity(ctObject())).toMatchObject({
      patientId: 'A-1',
      patientName: { Alphabetic: 'Doe^Zoë', Ideographic: '山田^太郎' },
      patientAgeYears: 34,
      studyInstanceUid: '2.25.1',
      seriesInstanceUid: '2.25.2',
      sopInstanceUid: '2.25.1001',
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      studyDate: '20240229',
      modality: 'CT',
      accessionNumber: undefined,
      bodyPart: undefined,
      seriesNumber: undefined,
    });
  });

  it.each([
    ['018M', 1.5],
    ['010D', 0.0274],
    ['002W', 0.0383],
    ['099Y', 99],
  ])('reads the age %s', (age, years) => {
    expect(identityWith({ [Tag.PatientAge]: { vr: 'AS', Value: [age] } }).patientAgeYears).toBeCloseTo(years, 3);
  });

  it('takes the age from birth and study date where it is not said, if those make sense', () => {
    const bornOn = (date: string) =>
      identityWith({ [Tag.PatientAge]: { vr: 'AS' }, [Tag.PatientBirthDate]: { vr: 'DA', Value: [date] } }).patientAgeYears;
    expect(bornOn('20200229')).toBeCloseTo(4, 2);
    expect(bornOn('1984.02.29')).toBeCloseTo(40, 2);
    expect(bornOn('20250101')).toBeUndefined();
    expect(bornOn('unknown')).toBeUndefined();
  });

  it.each([Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID, Tag.SOPClassUID])(
    'is refused if %s is missing or no UID',
    (tag) => {
      expect(() => identityWith({ [tag]: { vr: 'UI' } })).toThrow(DicomError);
      expect(() => identityWith({ [tag]: { vr: 'UI', Value: ['../../etc'] } })).toThrow(DicomError);
    },
  );
});
