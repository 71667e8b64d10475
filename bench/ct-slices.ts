import { randomFillSync } from 'node:crypto';
import type { DataSet } from '../src/dicom/data-set.ts';
import { secondaryCapture, uid } from '../test/builders.ts';

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';

/** A square CT slice of 16-bit noise, which no file system can shrink, with the attributes that a scanner writes. */
export function ctSlice({ study, instance, side }: { study: number; instance: number; side: number }): Uint8Array {
  const pixels = randomFillSync(new Uint8Array(side * side * 2));
  return secondaryCapture({
    study: uid(study),
    series: uid(study, 1),
    instance: uid(study, 1, instance),
    patientId: `BENCH-${study}`,
    modality: 'CT',
    // Replaced below.
    rows: 1,
    columns: 1,
    more: { ...acquisition(study, instance), ...pixelModule(side), '7FE00010': { vr: 'OW', bytes: pixels } },
  });
}

function acquisition(study: number, instance: number): DataSet {
  return {
    '00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'AXIAL'] },
    '00080016': { vr: 'UI', Value: [CT_IMAGE_STORAGE] },
    '00080020': { vr: 'DA', Value: ['20260102'] },
    '00080030': { vr: 'TM', Value: ['101500'] },
    '00080050': { vr: 'SH', Value: [`ACC${study}`] },
    '00080070': { vr: 'LO', Value: ['Bench'] },
    '00080090': { vr: 'PN', Value: [{ Alphabetic: 'Referrer^Bench' }] },
    '00081030': { vr: 'LO', Value: ['CT thorax'] },
    '0008103E': { vr: 'LO', Value: ['Lung 1.0'] },
    '00100030': { vr: 'DA', Value: ['19600101'] },
    '00100040': { vr: 'CS', Value: ['O'] },
    '00180015': { vr: 'CS', Value: ['CHEST'] },
    '00180050': { vr: 'DS', Value: [1] },
    '00180060': { vr: 'DS', Value: [120] },
    '00181151': { vr: 'IS', Value: [180] },
    '00181210': { vr: 'SH', Value: ['B60f'] },
    '00200011': { vr: 'IS', Value: [1] },
    '00200013': { vr: 'IS', Value: [instance] },
    '00200032': { vr: 'DS', Value: [-180, -180, instance] },
    '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] },
    '00200052': { vr: 'UI', Value: [uid(study, 2)] },
    '00201041': { vr: 'DS', Value: [instance] },
  };
}

function pixelModule(side: number): DataSet {
  return {
    '00280010': { vr: 'US', Value: [side] },
    '00280011': { vr: 'US', Value: [side] },
    '00280030': { vr: 'DS', Value: [0.7, 0.7] },
    '00280100': { vr: 'US', Value: [16] },
    '00280101': { vr: 'US', Value: [16] },
    '00280102': { vr: 'US', Value: [15] },
    '00280103': { vr: 'US', Value: [1] },
    '00281050': { vr: 'DS', Value: [-600] },
    '00281051': { vr: 'DS', Value: [1500] },
    '00281052': { vr: 'DS', Value: [-1024] },
    '00281053': { vr: 'DS', Value: [1] },
  };
}
