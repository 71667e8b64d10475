import type { StudyLabels } from '../../contract/labels.ts';
import { DEIDENTIFIED_LABEL } from '../../contract/permission.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { hasStudy, labelsOf, putLabel, takeLabel } from './labels-repository.ts';
import { recordStudyStep } from './study-progress.ts';

/** More than this is no sorting any more. */
const MAX_LABELS = 50;

type LabelDeps = { db: Db; now: () => Date };
type LabelChange = { study_instance_uid: string; label: string };

/** @throws {AppError} `study-not-found` */
export async function readLabels(db: Db | Tx, studyInstanceUid: string): Promise<StudyLabels> {
  if (!(await hasStudy(db, studyInstanceUid))) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
  return { study_instance_uid: studyInstanceUid, labels: await labelsOf(db, studyInstanceUid) };
}

/** @throws {AppError} `study-not-found`, `forbidden` for the label that opens a study to researchers, `wrong-state` beyond 50 labels */
export async function labelStudy(deps: LabelDeps, { study_instance_uid, label }: LabelChange): Promise<StudyLabels> {
  refuseReserved(label);
  const at = deps.now().toISOString();
  return deps.db.transaction().execute(async (tx) => {
    const { labels } = await readLabels(tx, study_instance_uid);
    if (labels.includes(label)) return { study_instance_uid, labels };
    if (labels.length >= MAX_LABELS) throw new AppError('wrong-state', `A study holds at most ${MAX_LABELS} labels`);
    await putLabel(tx, { study_instance_uid, label, created_at: at });
    await recordStudyStep(tx, study_instance_uid, { event: 'study_labeled', at });
    return readLabels(tx, study_instance_uid);
  });
}

/** @throws {AppError} `study-not-found`, `forbidden` */
export async function unlabelStudy(deps: LabelDeps, { study_instance_uid, label }: LabelChange): Promise<StudyLabels> {
  refuseReserved(label);
  const at = deps.now().toISOString();
  return deps.db.transaction().execute(async (tx) => {
    const held = await readLabels(tx, study_instance_uid);
    if (!held.labels.includes(label)) return held;
    await takeLabel(tx, study_instance_uid, label);
    await recordStudyStep(tx, study_instance_uid, { event: 'study_labeled', at });
    return readLabels(tx, study_instance_uid);
  });
}

/** The label that opens a study to researchers; only de-identification gives it. Nothing changes if the study has it. */
export async function markDeidentified(tx: Tx, studyInstanceUid: string, at: string): Promise<void> {
  const { labels } = await readLabels(tx, studyInstanceUid);
  if (labels.includes(DEIDENTIFIED_LABEL)) return;
  await putLabel(tx, { study_instance_uid: studyInstanceUid, label: DEIDENTIFIED_LABEL, created_at: at });
  await recordStudyStep(tx, studyInstanceUid, { event: 'study_labeled', at });
}

function refuseReserved(label: string): void {
  if (label === DEIDENTIFIED_LABEL) throw new AppError('forbidden', `'${DEIDENTIFIED_LABEL}' is given by de-identification alone`);
}
