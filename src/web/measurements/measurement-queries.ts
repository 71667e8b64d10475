import { queryOptions } from '@tanstack/react-query';
import { getMeasurements, type MeasurementInput, type StudyMeasurements, saveMeasurements } from '../../contract/measurements.ts';
import { call } from '../api.ts';

export const measurementsQuery = (study_instance_uid: string) =>
  queryOptions({
    queryKey: ['study', study_instance_uid, 'measurements'],
    queryFn: ({ signal }) => call(getMeasurements, { params: { study_instance_uid } }, { signal }),
  });

/** @param version of what the items were made from. @throws {ApiProblem} 412 if somebody else was first */
export async function putMeasurements(
  study_instance_uid: string,
  items: MeasurementInput[],
  version: string | null,
): Promise<StudyMeasurements> {
  return call(saveMeasurements, { params: { study_instance_uid }, body: { items } }, { ifMatch: `"${version ?? 'none'}"` });
}
