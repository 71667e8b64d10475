import { URGENCY } from '../src/server/diagnosis/coordinate.ts';
import { newId } from '../src/server/platform/ids.ts';
import type { Scope } from '../src/server/platform/scope.ts';

const AT = '2030-01-01T00:00:00.000Z';

/** A diagnosis that waits, about a study; `owner` stands in what it says. */
export async function makeDiagnosis(
  { db }: Scope,
  { patient_key, study, owner }: { patient_key: string; study: string; owner: string },
): Promise<string> {
  const id = newId();
  const config = { models: [], analysis_depth: 'quick', confidence_threshold: 0.5, explainability_mode: 'none' };
  await db
    .insertInto('diagnosis')
    .values({
      id,
      patient_key,
      status: 'pending',
      priority: 'routine',
      urgency: URGENCY.routine,
      symptoms: JSON.stringify([owner]),
      vital_signs: '{}',
      planned_exam: null,
      ai_config: JSON.stringify(config),
      version: 1,
      created_by: owner,
      created_at: AT,
      updated_at: AT,
      started_at: null,
      completed_at: null,
    })
    .execute();
  const run = { status: 'ready', outcome: null, reason: owner, progress: 0, failures: 0, report: null } as const;
  const times = { started_at: null, finished_at: null, duration_ms: null, updated_at: AT };
  for (const agent of ['monai', 'history', 'drug_checker', 'research'] as const)
    await db
      .insertInto('agent_report')
      .values({ id: newId(), diagnosis_id: id, agent, patient_key, run_key: newId(), ...run, ...times })
      .execute();
  await db
    .insertInto('diagnosis_image')
    .values({ id: newId(), diagnosis_id: id, patient_key, study_instance_uid: study, sop_instance_uid: '', added_at: AT })
    .execute();
  return id;
}

/** A link to a diagnosis, which nobody can open. */
export async function makeDiagnosisLink(
  { db }: Scope,
  { patient_key, diagnosis: diagnosis_id, owner }: { patient_key: string; diagnosis: string; owner: string },
): Promise<string> {
  const id = newId();
  const times = { created_at: AT, expires_at: '2999-01-01T00:00:00.000Z', last_used_at: null, revoked_at: null };
  await db
    .insertInto('diagnosis_link')
    .values({
      ...times,
      id,
      diagnosis_id,
      patient_key,
      secret_hash: `link ${id}`,
      note: owner,
      password_hash: null,
      created_by: owner,
      uses: 0,
    })
    .execute();
  return id;
}
