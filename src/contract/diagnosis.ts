import { type Static, Type } from 'typebox';
import { AgentName, AgentState, AgentsReports } from './agents.ts';
import { DrugSafetyExam } from './drug-safety.ts';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';
import { PatientKey } from './recycle-bin.ts';

export const DIAGNOSIS_STATUSES = ['pending', 'processing', 'completed', 'cancelled'] as const;
export const DiagnosisStatus = Type.Enum(DIAGNOSIS_STATUSES);
export type DiagnosisStatus = Static<typeof DiagnosisStatus>;
export const PRIORITIES = ['routine', 'urgent', 'emergency'] as const;
export const DiagnosisPriority = Type.Enum(PRIORITIES);
export type DiagnosisPriority = Static<typeof DiagnosisPriority>;

/** What of a patient one number says, with its UCUM unit. */
export const VitalSign = Type.Object(
  { value: Type.Number(), unit: Type.String({ minLength: 1, maxLength: 16 }) },
  { additionalProperties: false },
);
export type VitalSign = Static<typeof VitalSign>;

/** What was measured; what is left out is unknown. Values that no living patient has are refused. */
export const VitalSigns = Type.Object(
  {
    heart_rate: Type.Optional(VitalSign),
    respiratory_rate: Type.Optional(VitalSign),
    systolic_pressure: Type.Optional(VitalSign),
    diastolic_pressure: Type.Optional(VitalSign),
    temperature: Type.Optional(VitalSign),
    oxygen_saturation: Type.Optional(VitalSign),
    weight: Type.Optional(VitalSign),
    height: Type.Optional(VitalSign),
    /** ACVPU. */
    consciousness: Type.Optional(Type.Enum(['alert', 'confusion', 'voice', 'pain', 'unresponsive'])),
  },
  { additionalProperties: false },
);
export type VitalSigns = Static<typeof VitalSigns>;

/**
 * What runs and what is shown. `quick`: the first picture of each study that a network is made for; `standard`: every model on
 * everything it accepts; `deep`: that, and for each positive answer of a network which region it rests on.
 */
export const AnalysisDepth = Type.Enum(['quick', 'standard', 'deep']);
export type AnalysisDepth = Static<typeof AnalysisDepth>;
/** `none`: what was found; `heatmap`: where; `detailed`: with everything that the model said. */
export const ExplainabilityMode = Type.Enum(['none', 'heatmap', 'detailed']);
export type ExplainabilityMode = Static<typeof ExplainabilityMode>;

export const AiConfig = Type.Object(
  {
    /** Ids of the models that may run; all if empty. */
    models: Type.Array(Type.String({ pattern: '^[a-z0-9-]+$', maxLength: 64 }), { maxItems: 50 }),
    analysis_depth: AnalysisDepth,
    /** Findings with less confidence are counted, not shown. */
    confidence_threshold: Type.Number({ minimum: 0, maximum: 1 }),
    explainability_mode: ExplainabilityMode,
  },
  { additionalProperties: false },
);
export type AiConfig = Static<typeof AiConfig>;

const Symptoms = Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { maxItems: 50 });

export const Progress = Type.Object({
  percentage: Type.Integer({ minimum: 0, maximum: 100 }),
  /** V-03. */
  current_stage: Type.Enum(['upload', 'processing', 'analysis', 'complete']),
  stages_completed: Type.Array(Type.Enum(['upload', 'processing', 'analysis', 'complete'])),
});
export type Progress = Static<typeof Progress>;

/** D-03, without results and reports, which have resources of their own. */
export const Diagnosis = Type.Object({
  id: Id,
  patient_key: Type.String(),
  status: DiagnosisStatus,
  priority: DiagnosisPriority,
  patient_data: Type.Object({
    symptoms: Symptoms,
    vital_signs: VitalSigns,
    /** The examination that is planned, for the rules on contrast media. */
    planned_exam: Nullable(DrugSafetyExam),
  }),
  /** Whole studies, or single instances of them. */
  images: Type.Array(Type.Object({ study_instance_uid: Uid, sop_instance_uid: Nullable(Uid) })),
  ai_config: AiConfig,
  progress: Progress,
  /** Grows with each change; its ETag. */
  version: Type.Integer(),
  created_by: Type.String(),
  created_at: Instant,
  updated_at: Instant,
  started_at: Nullable(Instant),
  completed_at: Nullable(Instant),
});
export type Diagnosis = Static<typeof Diagnosis>;

/** A diagnosis as the list of all shows it: with who the patient is. */
export const ListedDiagnosis = Type.Object({
  ...Diagnosis.properties,
  patient: Nullable(Type.Object({ patient_id: Type.String(), name: Type.String() })),
});
export type ListedDiagnosis = Static<typeof ListedDiagnosis>;

export const NewDiagnosis = Type.Object(
  {
    /** Whose it is; of the images' patient if left out. */
    patient_key: Type.Optional(PatientKey),
    symptoms: Type.Optional(Symptoms),
    vital_signs: Type.Optional(VitalSigns),
    planned_exam: Type.Optional(DrugSafetyExam),
    study_instance_uids: Type.Optional(Type.Array(Uid, { maxItems: 50 })),
    /** SOP Instance UIDs of single images. */
    images: Type.Optional(Type.Array(Uid, { maxItems: 500 })),
    priority: Type.Optional(DiagnosisPriority),
    ai_config: Type.Optional(Type.Partial(AiConfig, { additionalProperties: false })),
  },
  { additionalProperties: false },
);
export type NewDiagnosis = Static<typeof NewDiagnosis>;

export const DiagnosisChange = Type.Object(
  {
    symptoms: Type.Optional(Symptoms),
    vital_signs: Type.Optional(VitalSigns),
    planned_exam: Type.Optional(Nullable(DrugSafetyExam)),
    priority: Type.Optional(DiagnosisPriority),
    ai_config: Type.Optional(Type.Partial(AiConfig, { additionalProperties: false })),
  },
  { additionalProperties: false },
);
export type DiagnosisChange = Static<typeof DiagnosisChange>;

export const diagnosisParams = Type.Object({ id: Id });

export const DiagnosisFilter = {
  status: Type.Optional(DiagnosisStatus),
  priority: Type.Optional(DiagnosisPriority),
  study_instance_uid: Type.Optional(Uid),
  created_by: Type.Optional(Type.String({ maxLength: 64 })),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
};

export const listDiagnoses = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis',
  summary: 'Diagnoses, the newest first (E-17)',
  permission: 'diagnosis:read',
  query: Type.Object({ ...PageQuery, ...DiagnosisFilter, patient_key: Type.Optional(PatientKey) }),
  response: Page(ListedDiagnosis),
});
export const listDiagnosesOfPatient = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/diagnoses',
  summary: 'Diagnoses of a patient, the newest first (E-14)',
  permission: 'diagnosis:read',
  params: Type.Object({ patient_key: PatientKey }),
  query: Type.Object({ ...PageQuery, ...DiagnosisFilter }),
  response: Page(Diagnosis),
});
export const createDiagnosis = endpoint({
  method: 'POST',
  path: '/api/v1/diagnosis/new',
  summary: 'Begins a diagnosis: four agents work on it, the most urgent first (E-18)',
  permission: 'diagnosis:write',
  body: NewDiagnosis,
  response: Diagnosis,
  status: 201,
});
export const getDiagnosis = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis/:id',
  summary: 'One diagnosis; its ETag is what a change has to name (E-19)',
  permission: 'diagnosis:read',
  params: diagnosisParams,
  response: Diagnosis,
});
export const updateDiagnosis = endpoint({
  method: 'PUT',
  path: '/api/v1/diagnosis/:id',
  summary: 'Changes what is known or asked for, under If-Match; agents that depend on it begin anew (E-20)',
  permission: 'diagnosis:write',
  params: diagnosisParams,
  body: DiagnosisChange,
  response: Diagnosis,
});
export const cancelDiagnosis = endpoint({
  method: 'DELETE',
  path: '/api/v1/diagnosis/:id',
  summary: 'Cancels a diagnosis and stops what runs for it; the record stays (E-21)',
  permission: 'diagnosis:write',
  params: diagnosisParams,
  response: Diagnosis,
  audit: 'change',
});
export const getDiagnosisStatus = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis/:id/status',
  summary: 'How far it is, agent by agent (E-22)',
  permission: 'diagnosis:read',
  params: diagnosisParams,
  response: Type.Object({
    id: Id,
    status: DiagnosisStatus,
    progress: Progress,
    agents: Type.Array(AgentState),
    /** Agents that ended without an answer. */
    missing: Type.Array(Type.Object({ agent: AgentName, reason: Type.String() })),
  }),
});
export const getDiagnosisAgents = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis/:id/agents',
  summary: "The agents' reports (E-24)",
  permission: 'diagnosis:read',
  params: diagnosisParams,
  response: AgentsReports,
});
