import { openPostgresArchive, openSqliteArchive } from './archive-fill.ts';
import { accessionOf, patientOf, stationOf, studyRows } from './archive-rows.ts';
import { benchAsking, type Question } from './asking.ts';
import type { BenchRow } from './row.ts';

const SIZES = (process.env['ISOCENTER_BENCH_INSTANCES'] ?? '1000,100000,2000000').split(',').map(Number);

const spread = (number: number, studies: number): number => (number * 7_919) % studies;
const patient = (number: number, studies: number) => patientOf(Math.floor((spread(number, studies) * 2) / 3));
const uidOf = (number: number, studies: number): string => String(studyRows(spread(number, studies)).study['study_instance_uid']);

const QUESTIONS: Question[] = [
  { name: 'QIDO, the newest 100 studies', path: () => '/dicom-web/studies?limit=100' },
  {
    name: 'QIDO, accession number',
    path: (number, studies) => `/dicom-web/studies?AccessionNumber=${accessionOf(spread(number, studies))}`,
  },
  { name: 'QIDO, patient ID', path: (number, studies) => `/dicom-web/studies?PatientID=${patient(number, studies).id}` },
  {
    name: 'QIDO, beginning of a name',
    path: (number, studies) =>
      `/dicom-web/studies?limit=100&PatientName=${encodeURIComponent(patient(number, studies).family.slice(0, 4))}*`,
  },
  {
    name: 'QIDO, part of a name (OHIF)',
    path: (number, studies) =>
      `/dicom-web/studies?limit=101&fuzzymatching=true&PatientName=*${encodeURIComponent(patient(number, studies).family.slice(1, 4))}*`,
  },
  {
    name: 'QIDO, studies of a day by modality',
    path: (number, studies) => {
      const { study_date, modalities } = studyRows(spread(number, studies)).study;
      return `/dicom-web/studies?limit=100&ModalitiesInStudy=${modalities}&StudyDate=${study_date}`;
    },
  },
  {
    name: 'QIDO, studies of a year by modality',
    path: (number) => `/dicom-web/studies?limit=100&ModalitiesInStudy=${number % 2 ? 'MR' : 'CT'}&StudyDate=20150101-20151231`,
  },
  { name: 'QIDO, series of a study', path: (number, studies) => `/dicom-web/studies/${uidOf(number, studies)}/series` },
  { name: 'QIDO, 100 instances of a study', path: (number, studies) => `/dicom-web/studies/${uidOf(number, studies)}/instances?limit=100` },
  { name: 'QIDO, 100 series by station', path: (number) => `/dicom-web/series?limit=100&StationName=${stationOf(number)}` },
  { name: 'worklist, first page', path: () => '/api/v1/reading-list?limit=50&status=open' },
  { name: 'worklist, newest first', path: () => '/api/v1/reading-list?limit=50&status=all&order=arrival' },
  {
    name: 'worklist, one modality',
    path: (number) => `/api/v1/reading-list?limit=50&status=open&modality=${['CT', 'MR', 'DX', 'US', 'MG'][number % 5]}`,
  },
  {
    name: 'worklist, modality and days',
    path: (number) =>
      `/api/v1/reading-list?limit=50&status=open&order=arrival&modality=${number % 2 ? 'MR' : 'CT'}&from=2015-01-01&to=2015-03-31`,
  },
  {
    name: 'worklist, search box',
    path: (number, studies) => `/api/v1/reading-list?limit=50&status=all&q=${encodeURIComponent(searchWords(number, studies))}`,
  },
  { name: 'study list, first page', path: () => '/api/v1/studies?limit=50' },
  {
    name: 'study list, search box',
    path: (number, studies) => `/api/v1/studies?limit=50&q=${encodeURIComponent(searchWords(number, studies))}`,
  },
];

/** What somebody types: a name, a part of an accession number, a name with a kind of study. */
function searchWords(number: number, studies: number): string {
  const { family, given } = patient(number, studies);
  if (number % 3 === 0) return `${given} ${family}`;
  return number % 3 === 1 ? accessionOf(spread(number, studies)).slice(4) : `${family.slice(0, 5)} chest`;
}

/** How searches and the study list grow with what is held, on both databases, behind a real server. */
export async function benchGrowth(): Promise<BenchRow[]> {
  return benchAsking({
    of: 'instances',
    sizes: SIZES,
    questions: QUESTIONS,
    openSqlite: openSqliteArchive,
    openPostgres: openPostgresArchive,
  });
}
