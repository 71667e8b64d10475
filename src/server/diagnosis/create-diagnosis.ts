import type { AiConfig, Diagnosis, NewDiagnosis } from '../../contract/diagnosis.ts';
import { allowedModels } from '../identity/policies.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db } from '../platform/ports.ts';
import { chooseImages, ownerOfImages } from './choose-images.ts';
import { askToAdmit, type CoordinatorDeps, insertAgents, URGENCY } from './coordinate.ts';
import { findPatientIdentity } from './image-queries.ts';
import { type DiagnosisRow, describeDiagnosis } from './queries.ts';
import { recordStep } from './record-step.ts';
import { insertDiagnosis, insertImages } from './repository.ts';
import { requirePlausible } from './vital-signs.ts';

export type DiagnosisDeps = CoordinatorDeps & { models: readonly { card: { id: string } }[] };

const DEFAULT_CONFIG: AiConfig = { models: [], analysis_depth: 'standard', confidence_threshold: 0.5, explainability_mode: 'heatmap' };

/**
 * Begins a diagnosis: it waits until there is room, the most urgent first, and its agents go to work.
 *
 * @throws {AppError} `patient-not-found`, `study-not-found`, `instance-not-found`, `model-not-found`, `forbidden` for a model that the role
 * may not use, `wrong-state` for an image of another patient, `invalid-request` for vital signs that no patient has
 */
export async function beginDiagnosis(deps: DiagnosisDeps, principal: Principal, asked: NewDiagnosis): Promise<Diagnosis> {
  requirePlausible(asked.vital_signs ?? {});
  const config = { ...DEFAULT_CONFIG, ...asked.ai_config };
  await requireModels(deps, principal, config.models);
  const at = deps.now();
  const patientKey = asked.patient_key ?? (await ownerOfImages(deps.db, asked));
  const row = rowOf(asked, { patientKey, config, userId: principal.user_id, at });
  return deps.db.transaction().execute(async (tx) => {
    if (!(await findPatientIdentity(tx, row.patient_key))) throw new AppError('patient-not-found', 'No such patient');
    const images = await chooseImages(tx, {
      diagnosisId: row.id,
      patientKey: row.patient_key,
      studies: asked.study_instance_uids ?? [],
      instances: asked.images ?? [],
      at: row.created_at,
    });
    await insertDiagnosis(tx, row);
    await insertImages(tx, images);
    await insertAgents(tx, row, at);
    tellAudit(tx, { patient_id: row.patient_key, details: { priority: row.priority } });
    await recordStep(tx, row, { type: 'created', actor: principal.full_name, at, data: { priority: row.priority, images: images.length } });
    await askToAdmit(tx, deps);
    return describeDiagnosis(tx, row);
  });
}

/** @throws {AppError} `model-not-found`, `forbidden` */
export async function requireModels(
  { db, models }: { db: Db; models: DiagnosisDeps['models'] },
  principal: Principal,
  wanted: readonly string[],
): Promise<void> {
  const allowed = wanted.length > 0 ? await allowedModels(db, principal) : undefined;
  for (const id of wanted) {
    if (!models.some(({ card }) => card.id === id)) throw new AppError('model-not-found', `No model ${id}`);
    if (!allowed?.has(id))
      throw new AppError('forbidden', `The rules of this tenant do not let the role ${principal.role} use the model ${id}`);
  }
}

type Asker = { patientKey: string; config: AiConfig; userId: string; at: Date };

function rowOf(asked: NewDiagnosis, { patientKey, config, userId, at }: Asker): DiagnosisRow {
  const priority = asked.priority ?? 'routine';
  return {
    id: newId(at),
    patient_key: patientKey,
    status: 'pending',
    priority,
    urgency: URGENCY[priority],
    symptoms: JSON.stringify(asked.symptoms ?? []),
    vital_signs: JSON.stringify(asked.vital_signs ?? {}),
    planned_exam: asked.planned_exam ? JSON.stringify(asked.planned_exam) : null,
    ai_config: JSON.stringify(config),
    version: 1,
    created_by: userId,
    created_at: at.toISOString(),
    updated_at: at.toISOString(),
    started_at: null,
    completed_at: null,
  };
}
