import dcmjs from 'dcmjs';
import dicomParser from 'dicom-parser';
import { describe, expect, it } from 'vitest';
import { Tag } from '../../src/dicom/tags.ts';
import { secondaryCapture, uid } from '../builders.ts';

// It prints what it does not know, values included.
dcmjs.log.setLevel(dcmjs.log.levels.SILENT);

const options = { study: uid(70), series: uid(70, 1), instance: uid(70, 1, 1), patientName: 'Ünïcode^Ada', rows: 24, columns: 32 };
const file = secondaryCapture(options);

describe('other readers understand what we write', () => {
  it('dicom-parser finds the same elements and pixels', () => {
    const read = dicomParser.parseDicom(file);
    expect(read.string('x0020000d')).toBe(options.study);
    expect(read.uint16('x00280010')).toBe(24);
    expect(read.string('x00080005')).toBe('ISO_IR 192');
    const pixels = read.elements['x7fe00010'];
    expect(pixels?.length).toBe(24 * 32);
  });

  it('dcmjs reads the same values', () => {
    const read = dcmjs.data.DicomMessage.readFile(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
    expect(read.dict[Tag.SOPInstanceUID]?.Value).toEqual([options.instance]);
    expect(read.dict[Tag.Columns]?.Value).toEqual([32]);
    expect(JSON.stringify(read.dict[Tag.PatientName]?.Value)).toContain('Ünïcode^Ada');
  });
});
