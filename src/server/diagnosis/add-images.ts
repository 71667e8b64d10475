import type { StoredItem } from '../../contract/studies.ts';
import { withDependents } from '../agents/agent-graph.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { type IncomingFile, type IngestDeps, ingestFile } from '../studies/ingest-file.ts';
import type { PictureFields } from '../studies/wrap-image.ts';
import { repeatAgents, restartRuns } from './change-diagnosis.ts';
import type { CoordinatorDeps } from './coordinate.ts';
import { type BoundPatient, findPatientIdentity, listInstanceOwners } from './image-queries.ts';
import type { DiagnosisRow } from './queries.ts';
import { recordStep } from './record-step.ts';
import { getDiagnosis, insertImages, lockDiagnosis } from './repository.ts';

export type AddImagesDeps = CoordinatorDeps & IngestDeps;

/** Who the images are for. @throws {AppError} `diagnosis-not-found`, `wrong-state` once it is cancelled */
export async function openForImages({ db }: CoordinatorDeps, id: string): Promise<{ row: DiagnosisRow; patient: BoundPatient }> {
  const row = await getDiagnosis(db, id);
  if (row.status === 'cancelled') throw new AppError('wrong-state', 'The diagnosis is cancelled');
  const patient = await findPatientIdentity(db, row.patient_key);
  if (!patient) throw new AppError('patient-not-found', 'No such patient');
  return { row, patient };
}

/** Stores one file for the patient of the diagnosis: a picture becomes an object of that patient, any other patient's is refused. */
export async function takeFile(
  deps: AddImagesDeps,
  { row, patient }: { row: DiagnosisRow; patient: BoundPatient },
  { name, content, fields }: IncomingFile,
): Promise<StoredItem[]> {
  const parts = { ...deps, onlyPatient: row.patient_key };
  const items = await ingestFile(parts, { name, content, fields: { ...fields, ...identityFields(patient) } });
  const owners = await listInstanceOwners(
    deps.db,
    items.flatMap(({ sop_instance_uid }) => sop_instance_uid ?? []),
  );
  const foreign = new Set(
    owners.filter(({ patient_key }) => patient_key !== row.patient_key).map(({ sop_instance_uid }) => sop_instance_uid),
  );
  // What was held before is not stored, and so was not refused there.
  return items.map((item) => (foreign.has(item.sop_instance_uid ?? '') ? refusalOf(item.file) : item));
}

function refusalOf(file: string): StoredItem {
  return { file, status: 'refused', error: 'conflicting-instance', reason: 'The object belongs to another patient' };
}

/** Binds what was stored to the diagnosis, whose agents look at it: the imaging agent and those after it begin anew. */
export async function bindImages(
  deps: CoordinatorDeps,
  principal: Principal,
  { id, items }: { id: string; items: readonly StoredItem[] },
): Promise<void> {
  const stored = items.flatMap(({ study_instance_uid, sop_instance_uid }) =>
    study_instance_uid && sop_instance_uid ? [{ study_instance_uid, sop_instance_uid }] : [],
  );
  if (stored.length === 0) return;
  const again = withDependents(['monai']);
  await deps.db.transaction().execute(async (tx) => {
    const row = await lockDiagnosis(tx, id);
    if (row.status === 'cancelled') throw new AppError('wrong-state', 'The diagnosis is cancelled');
    const at = deps.now();
    const bound = { diagnosis_id: id, patient_key: row.patient_key, added_at: at.toISOString() };
    await insertImages(
      tx,
      stored.map((image) => ({ id: newId(at), ...bound, ...image })),
    );
    tellAudit(tx, { patient_id: row.patient_key, details: { instances: stored.length } });
    await recordStep(tx, row, { type: 'images_added', actor: principal.full_name, at, data: { images: stored.length } });
    await repeatAgents(tx, deps, row, again);
  });
  await restartRuns(deps, id, again);
}

/** The record's own identity, so that the picture comes to this very record. */
function identityFields({ patient_id, issuer, name, birth_date, sex }: BoundPatient): PictureFields {
  return {
    patient_id,
    patient_name: name,
    ...(issuer ? { issuer } : {}),
    ...(birth_date ? { birth_date } : {}),
    ...(sex ? { sex } : {}),
  };
}
