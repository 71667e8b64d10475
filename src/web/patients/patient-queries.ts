import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getDiagnosis, getDiagnosisStatus, listDiagnosesOfPatient } from '../../contract/diagnosis.ts';
import { getDiagnosisResults } from '../../contract/diagnosis-results.ts';
import { getPatient, listRecord } from '../../contract/patients.ts';
import { getHistory } from '../../contract/patients-history.ts';
import { listPatients } from '../../contract/patients-search.ts';
import { call } from '../api.ts';

const PAGE_SIZE = 50;
const RECORD_SIZE = 200;

export const patientsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['patients', q],
    queryFn: ({ pageParam, signal }) =>
      call(listPatients, { query: { limit: PAGE_SIZE, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

export const patientQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient', patient_key],
    queryFn: ({ signal }) => call(getPatient, { params: { patient_key } }, { signal }),
  });

/** The first entries of each kind: a page shows no thousands. */
export const recordQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient', patient_key, 'record'],
    queryFn: ({ signal }) => call(listRecord, { params: { patient_key }, query: { limit: RECORD_SIZE } }, { signal }),
  });

export const patientStudiesQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient', patient_key, 'studies'],
    queryFn: ({ signal }) => call(getHistory, { params: { patient_key }, query: { kinds: 'study', limit: PAGE_SIZE } }, { signal }),
  });

export const patientDiagnosesQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['patient', patient_key, 'diagnoses'],
    queryFn: ({ signal }) => call(listDiagnosesOfPatient, { params: { patient_key }, query: { limit: PAGE_SIZE } }, { signal }),
  });

export const diagnosisQuery = (id: string) =>
  queryOptions({
    queryKey: ['diagnosis', id],
    queryFn: ({ signal }) => call(getDiagnosis, { params: { id } }, { signal }),
  });

export const diagnosisStatusQuery = (id: string) =>
  queryOptions({
    queryKey: ['diagnosis', id, 'status'],
    queryFn: ({ signal }) => call(getDiagnosisStatus, { params: { id } }, { signal }),
  });

export const diagnosisResultsQuery = (id: string) =>
  queryOptions({
    queryKey: ['diagnosis', id, 'results'],
    queryFn: ({ signal }) => call(getDiagnosisResults, { params: { id } }, { signal }),
  });

export function isOver(status: string): boolean {
  return status === 'completed' || status === 'cancelled';
}
