import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { readForeignMeasurements, readMeasurements } from '../../src/reporting/read-measurements.ts';
import { samplesFolder } from './dicom-files.ts';

const path = join(samplesFolder, 'dcmqi/sr-example/sr.dcm.zst');

describe.skipIf(!existsSync(path))('measurement reports of other programs (needs ../shared/data)', () => {
  it("are read: dcmqi's, of a volume in PET, with the names of SNOMED RT", () => {
    const { dataSet } = parsePart10(zstdDecompressSync(readFileSync(path)));
    const [tumor] = readForeignMeasurements(dataSet);
    expect(tumor).toMatchObject({ label: 'primary tumor', finding: 'Neoplasm, Primary', author: 'User2', graphic_type: null });
    const numbers = new Map(tumor?.values.map(({ name, value, unit, quantity }) => [name, { value, unit, quantity }]));
    expect(numbers.get('Volume')).toEqual({ value: 33.5824, unit: 'ml', quantity: null });
    expect(numbers.get('SUVbw, Mean')).toEqual({ value: 6.01529, unit: '{SUVbw}g/ml', quantity: 'mean' });
    expect(numbers.get('SUVbw, Standard Deviation')).toMatchObject({ quantity: 'standard_deviation' });
    expect(readMeasurements(dataSet)).toEqual([]);
  });
});
