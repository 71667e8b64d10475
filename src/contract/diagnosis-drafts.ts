import { type Static, Type } from 'typebox';
import { AnalysisDepth, DiagnosisPriority, ExplainabilityMode } from './diagnosis.ts';
import { DrugSafetyExam } from './drug-safety.ts';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable, Uid } from './fields.ts';
import { PatientKey } from './recycle-bin.ts';

/** Days after its last change for which a draft is kept. */
export const DRAFT_DAYS = 7;

/** As it was typed, with the UCUM unit that was chosen for it. */
const TypedSign = Type.Object({ typed: Type.String({ maxLength: 32 }), unit: Type.String({ maxLength: 16 }) });

/** What somebody has chosen and typed so far, whether it makes sense yet or not. */
export const DiagnosisDraftContent = Type.Object(
  {
    study_instance_uids: Type.Array(Uid, { maxItems: 50 }),
    /** Names of the files that were chosen: a browser cannot keep the files themselves. */
    file_names: Type.Array(Type.String({ maxLength: 255 }), { maxItems: 200 }),
    symptoms: Type.String({ maxLength: 5000 }),
    /** By the name of the sign. */
    vital_signs: Type.Record(Type.String({ pattern: '^[a-z_]{1,32}$' }), TypedSign),
    consciousness: Type.String({ maxLength: 16 }),
    priority: DiagnosisPriority,
    analysis_depth: AnalysisDepth,
    models: Type.Array(Type.String({ pattern: '^[a-z0-9-]+$', maxLength: 64 }), { maxItems: 50 }),
    confidence_threshold: Type.Number({ minimum: 0, maximum: 1 }),
    explainability_mode: ExplainabilityMode,
    contrast: DrugSafetyExam.properties.contrast,
  },
  { additionalProperties: false },
);
export type DiagnosisDraftContent = Static<typeof DiagnosisDraftContent>;

export const DiagnosisDraft = Type.Object({
  patient_key: PatientKey,
  patient_name: Nullable(Type.String()),
  content: DiagnosisDraftContent,
  updated_at: Instant,
  /** When it is deleted if nobody touches it before. */
  expires_at: Instant,
});
export type DiagnosisDraft = Static<typeof DiagnosisDraft>;

const draftParams = Type.Object({ patient_key: PatientKey });

export const listDiagnosisDrafts = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis/drafts',
  summary: 'Diagnoses that one is putting together, the latest first; nobody else sees them',
  permission: 'diagnosis:write',
  response: Type.Object({ items: Type.Array(DiagnosisDraft) }),
});
export const saveDiagnosisDraft = endpoint({
  method: 'PUT',
  path: '/api/v1/diagnosis/drafts/:patient_key',
  summary: 'Keeps what one has put together for a patient so far, encrypted, for seven days after the last change',
  permission: 'diagnosis:write',
  params: draftParams,
  body: DiagnosisDraftContent,
  response: DiagnosisDraft,
});
export const deleteDiagnosisDraft = endpoint({
  method: 'DELETE',
  path: '/api/v1/diagnosis/drafts/:patient_key',
  summary: 'Throws one of these away; one that is not there changes nothing',
  permission: 'diagnosis:write',
  params: draftParams,
  response: Type.Object({ deleted: Type.Boolean() }),
});
