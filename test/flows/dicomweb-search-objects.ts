import type { DataSet } from '../../src/dicom/data-set.ts';
import { postgresMissing } from '../postgres.ts';

/** A result of a search as DICOM JSON. */
export type Result = Record<string, { vr: string; Value?: unknown[] }>;

export const DATABASES = [
  { name: 'SQLite', skip: false },
  { name: 'PostgreSQL (needs PostgreSQL binaries)', skip: postgresMissing !== undefined },
];

/** Attributes of a chest CT at every level that a search may ask for. */
export const CHEST: DataSet = {
  '00080020': { vr: 'DA', Value: ['20240115'] },
  '00080030': { vr: 'TM', Value: ['101500'] },
  '00080050': { vr: 'SH', Value: ['ACC-7'] },
  '00080090': { vr: 'PN', Value: [{ Alphabetic: 'Overseer^Olga' }] },
  '00081030': { vr: 'LO', Value: ['CT Chest'] },
  '00081080': { vr: 'LO', Value: ['Cough'] },
  '00100030': { vr: 'DA', Value: ['19700101'] },
  '00100040': { vr: 'CS', Value: ['F'] },
  '00101010': { vr: 'AS', Value: ['054Y'] },
  '00400275': {
    vr: 'SQ',
    Value: [1, 2].map((number) => ({
      '00400009': { vr: 'SH', Value: [`STEP-${number}`] },
      '00401001': { vr: 'SH', Value: [`RP-${number}`] },
    })),
  },
  '00200010': { vr: 'SH', Value: ['S7'] },
};
