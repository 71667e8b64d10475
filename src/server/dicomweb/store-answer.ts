import type { Attribute, DataSet } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { type AppError, ERROR_KINDS, type ErrorKind } from '../platform/errors.ts';
import { instancePathOf } from './request-parts.ts';

/** What an object of a request is called, as far as it could be read. */
export type Named = { sopClassUid?: string; sopInstanceUid?: string; seriesInstanceUid?: string };
/** What became of an object. */
export type Outcome = { named: Named } & (
  | { ok: true; study_instance_uid: string; sop_instance_uid: string }
  | { ok: false; error: AppError }
);

const RETRIEVE_URL = '00081190';
const FAILURE_REASON = '00081197';
const FAILED_SOP_SEQUENCE = '00081198';
const REFERENCED_SOP_SEQUENCE = '00081199';
const OTHER_FAILURES_SEQUENCE = '0008119A';

/** Where every object fails for one of these reasons, the whole request does. */
const WHOLE: readonly ErrorKind[] = ['too-large', 'storage-full', 'unsupported-media-type', 'unsupported-transfer-syntax', 'unavailable'];

/** 200 if all are stored, 202 if some, else 409, or what says better why (PS3.18 table 10.5.3-1); 400 if there was none. */
export function storeStatusOf(outcomes: readonly Outcome[]): number {
  const failures = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error.kind]));
  const [first] = failures;
  if (outcomes.length === 0) return 400;
  if (first === undefined) return 200;
  if (failures.length < outcomes.length) return 202;
  return WHOLE.includes(first) && failures.every((kind) => kind === first) ? ERROR_KINDS[first].http : 409;
}

/**
 * Store Instances Response Module (PS3.18 table I.2.1-1): what is held now with where to retrieve it, what failed with a reason, and of
 * what could not be read the reason alone.
 *
 * @param base absolute address of the service
 */
export function storeResponseOf(outcomes: readonly Outcome[], base: string): DataSet {
  const held = outcomes.flatMap((outcome) => (outcome.ok ? [outcome] : []));
  const failed = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome]));
  const named = failed.filter(({ named: { sopInstanceUid } }) => sopInstanceUid !== undefined);
  const unnamed = failed.filter(({ named: { sopInstanceUid } }) => sopInstanceUid === undefined);
  const studies = new Set(held.map(({ study_instance_uid }) => study_instance_uid));
  const [study] = studies;
  return {
    ...(studies.size === 1 && study ? { [RETRIEVE_URL]: text('UR', `${base}/studies/${study}`) } : {}),
    ...sequence(
      FAILED_SOP_SEQUENCE,
      named.map(({ named: names, error }) => ({ ...reference(names), ...reasonOf(error) })),
    ),
    ...sequence(
      REFERENCED_SOP_SEQUENCE,
      held.map(({ named: names, study_instance_uid, sop_instance_uid }) => {
        const { seriesInstanceUid: series_instance_uid } = names;
        const path = series_instance_uid && instancePathOf({ study_instance_uid, series_instance_uid, sop_instance_uid });
        return {
          ...reference({ ...names, sopInstanceUid: sop_instance_uid }),
          ...(path ? { [RETRIEVE_URL]: text('UR', `${base}${path}`) } : {}),
        };
      }),
    ),
    ...sequence(
      OTHER_FAILURES_SEQUENCE,
      unnamed.map(({ error }) => reasonOf(error)),
    ),
  };
}

function reference({ sopClassUid, sopInstanceUid }: Named): DataSet {
  return {
    ...(sopClassUid ? { [Tag.ReferencedSOPClassUID]: text('UI', sopClassUid) } : {}),
    ...(sopInstanceUid ? { [Tag.ReferencedSOPInstanceUID]: text('UI', sopInstanceUid) } : {}),
  };
}

function reasonOf(error: AppError): DataSet {
  return { [FAILURE_REASON]: { vr: 'US', Value: [ERROR_KINDS[error.kind].dimse] } };
}

function sequence(tag: string, items: DataSet[]): DataSet {
  return items.length > 0 ? { [tag]: { vr: 'SQ', Value: items } } : {};
}

function text(vr: 'UI' | 'UR', value: string): Attribute {
  return { vr, Value: [value] };
}
