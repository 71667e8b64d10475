import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { listDiagnosesOfPatient } from '../../contract/diagnosis.ts';
import type { Input } from '../../contract/endpoint.ts';
import { listFollowUps } from '../../contract/follow-up.ts';
import { getRecordedScores, getSynthesis } from '../../contract/history.ts';
import { checkPatientDrugs } from '../../contract/patient-drug-safety.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { getPatient, listRecord, type Patient } from '../../contract/patients.ts';
import { listDocuments } from '../../contract/patients-documents.ts';
import { getHistory } from '../../contract/patients-history.ts';
import { listMatches, listMerges, type PatientMatch } from '../../contract/patients-merge.ts';
import { listPatients, searchPatients } from '../../contract/patients-search.ts';
import { call, callTagged } from '../api.ts';

const PAGE_SIZE = 50;
const SUGGESTIONS = 8;
/** Entries at a time; a record of thousands comes in a few answers. */
const RECORD_PAGE = 500;
const MOST_RECORD_PAGES = 20;

export type PatientsFilter = Omit<Input<typeof listPatients>['query'], 'limit' | 'cursor' | 'fields'>;

export const patientsQuery = (filter: PatientsFilter) =>
  infiniteQueryOptions({
    queryKey: ['patients', filter],
    queryFn: ({ pageParam, signal }) =>
      call(listPatients, { query: { limit: PAGE_SIZE, ...filter, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

/** The first few that fit what is typed; those who changed last while nothing is. */
export const patientSuggestionsQuery = (q: string) =>
  queryOptions({
    queryKey: ['patients', 'suggestions', q],
    queryFn: ({ signal }) => call(searchPatients, { query: { limit: SUGGESTIONS, ...(q ? { q } : { sort: '-updated_at' }) } }, { signal }),
  });

export const patientQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient', patient_key],
    queryFn: ({ signal }) => call(getPatient, { params: { patient_key } }, { signal }),
  });

/** The record with the version that a change of it has to name. */
export async function readTagged(patient_key: string, signal?: AbortSignal): Promise<{ answer: Patient; etag: string }> {
  return callTagged(getPatient, { params: { patient_key } }, signal ? { signal } : {});
}

/**
 * For who changes the record: read once, when the change begins. Its key is none that events refresh: what others do meanwhile must not take
 * away what is being typed; it is told when it is saved.
 */
export const taggedPatientQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient-to-edit', patient_key],
    queryFn: ({ signal }) => readTagged(patient_key, signal),
    staleTime: Infinity,
    gcTime: 0,
  });

/** The whole structured record. */
export const recordQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient', patient_key, 'record'],
    queryFn: async ({ signal }) => {
      const items: RecordEntry[] = [];
      let cursor: string | null = '';
      for (let page = 0; cursor !== null && page < MOST_RECORD_PAGES; page += 1) {
        const query = { limit: RECORD_PAGE, ...(cursor ? { cursor } : {}) };
        const next: { items: RecordEntry[]; next_cursor: string | null } = await call(
          listRecord,
          { params: { patient_key }, query },
          { signal },
        );
        items.push(...next.items);
        cursor = next.next_cursor;
      }
      return { items, isWhole: cursor === null };
    },
  });

export const patientStudiesQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient', patient_key, 'studies'],
    queryFn: ({ signal }) => call(getHistory, { params: { patient_key }, query: { kinds: 'study', limit: 200 } }, { signal }),
  });

export const patientDiagnosesQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient', patient_key, 'diagnoses'],
    queryFn: ({ signal }) => call(listDiagnosesOfPatient, { params: { patient_key }, query: { limit: PAGE_SIZE } }, { signal }),
  });

export const synthesisQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient', patient_key, 'synthesis'],
    queryFn: ({ signal }) => call(getSynthesis, { params: { patient_key }, query: {} }, { signal }),
  });

export const recordedScoresQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient', patient_key, 'scores'],
    queryFn: ({ signal }) => call(getRecordedScores, { params: { patient_key } }, { signal }),
  });

export const patientDrugsQuery = (patient_key: string, query: Input<typeof checkPatientDrugs>['query']) =>
  queryOptions({
    queryKey: ['patient', patient_key, 'drug-safety', query],
    queryFn: ({ signal }) => call(checkPatientDrugs, { params: { patient_key }, query }, { signal }),
  });

export const documentsQuery = (patient_key: string) =>
  infiniteQueryOptions({
    queryKey: ['patient', patient_key, 'documents'],
    queryFn: ({ pageParam, signal }) =>
      call(
        listDocuments,
        { params: { patient_key }, query: { limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

export const followUpsQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient', patient_key, 'follow-ups'],
    queryFn: ({ signal }) => call(listFollowUps, { query: { patient_key, limit: 200 } }, { signal }),
  });

export const mergesQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient', patient_key, 'merges'],
    queryFn: ({ signal }) => call(listMerges, { params: { patient_key } }, { signal }),
  });

export const matchesQuery = (status: PatientMatch['status']) =>
  infiniteQueryOptions({
    queryKey: ['patients', 'matches', status],
    queryFn: ({ pageParam, signal }) =>
      call(listMatches, { query: { status, limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });
