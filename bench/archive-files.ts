import { join } from 'node:path';
import type { DataSet, Part10 } from '../src/dicom/data-set.ts';
import { textOf } from '../src/dicom/data-set.ts';
import { parsePart10 } from '../src/dicom/parse.ts';
import { Tag } from '../src/dicom/tags.ts';
import { ExplicitVrLittleEndian } from '../src/dicom/uids.ts';
import { writeDataSet, writePart10 } from '../src/dicom/write.ts';
import { buildPhantom } from '../src/imaging/phantom.ts';
import { phantomDicom } from '../src/imaging/phantom-dicom.ts';
import { dataFile, dataFiles, hasSharedData } from '../test/data.ts';
import type { StoreObject } from './store-scu.ts';

/** About 512 columns, as of most scanners; few slices are made, and used again under other UIDs. */
const SPACING_MM: [number, number, number] = [8, 0.6875, 0.6875];
const HEAD_CT = join('dicom', 'ge-head-ct');

/** Slices to make series from: of the phantom, and of a real scanner where the shared data are. */
export type Source = { name: string; slices: Part10[] };
/** An instance as each door takes it. */
export type Instance = { study: string; series: string; sop: string; part10: Uint8Array; object: StoreObject };

export function openSources(): Source[] {
  const phantom = phantomDicom(buildPhantom({ spacingMm: SPACING_MM }))
    .filter(({ name }) => name.startsWith('ct-'))
    .map(({ part10 }) => parsePart10(part10));
  const sources = [{ name: 'phantom CT', slices: phantom }];
  if (!hasSharedData) return sources;
  const head = dataFiles(HEAD_CT)
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => parsePart10(dataFile(HEAD_CT, name)));
  return [...sources, { name: 'head CT', slices: head }];
}

/** A series of `count` instances with UIDs, patient and accession number of its own: nothing of it was stored before. */
export function seriesOf({ slices }: Source, number: number, count: number): Instance[] {
  return Array.from({ length: count }, (_, index) => {
    const slice = slices[index % slices.length];
    if (!slice) throw new Error('There are no slices to make a series from');
    const [study, series, sop] = [`2.25.${number}`, `2.25.${number}.1`, `2.25.${number}.1.${index + 1}`];
    const dataSet = sorted({
      ...slice.dataSet,
      ...identityOf(number, index),
      [Tag.StudyInstanceUID]: { vr: 'UI', Value: [study] },
      [Tag.SeriesInstanceUID]: { vr: 'UI', Value: [series] },
      [Tag.SOPInstanceUID]: { vr: 'UI', Value: [sop] },
    });
    const names = { sopClassUid: textOf(dataSet, Tag.SOPClassUID) ?? '', sopInstanceUid: sop, transferSyntaxUid: ExplicitVrLittleEndian };
    return {
      study,
      series,
      sop,
      part10: writePart10({ dataSet, transferSyntaxUid: ExplicitVrLittleEndian }),
      object: { ...names, dataSet: writeDataSet(dataSet, ExplicitVrLittleEndian) },
    };
  });
}

function identityOf(number: number, index: number): DataSet {
  return {
    [Tag.PatientID]: { vr: 'LO', Value: [`BENCH-${number}`] },
    [Tag.PatientName]: { vr: 'PN', Value: [{ Alphabetic: `Bench^N${number}` }] },
    [Tag.AccessionNumber]: { vr: 'SH', Value: [`ACC${number}`] },
    [Tag.InstanceNumber]: { vr: 'IS', Value: [index + 1] },
  };
}

function sorted(dataSet: DataSet): DataSet {
  return Object.fromEntries(Object.entries(dataSet).sort(([a], [b]) => (a < b ? -1 : 1)));
}
