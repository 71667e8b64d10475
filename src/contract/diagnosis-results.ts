import { type Static, Type } from 'typebox';
import { AgentName, Occlusion } from './agents.ts';
import { diagnosisParams } from './diagnosis.ts';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Uid } from './fields.ts';
import { Box } from './findings.ts';

/** Who says it, by which model or rule, and where the rule comes from. */
export const ResultSource = Type.Object({
  agent: Nullable(AgentName),
  model_id: Nullable(Type.String()),
  model_version: Nullable(Type.String()),
  rule: Type.String(),
  citation: Nullable(Type.String()),
});
export type ResultSource = Static<typeof ResultSource>;

/** What it rests on: names and numbers that lead back to findings, entries of the record and rows of knowledge. */
const Evidence = Type.Record(Type.String(), Type.Unknown());

export const Severity = Type.Enum(['low', 'moderate', 'high', 'critical']);
export type Severity = Static<typeof Severity>;

export const ResultFinding = Type.Object({
  finding_id: Id,
  study_instance_uid: Uid,
  sop_instance_uid: Nullable(Uid),
  code: Type.String(),
  title: Type.String(),
  confidence: Nullable(Type.Number()),
  decision: Type.Enum(['proposed', 'accepted', 'edited']),
  text: Nullable(Type.String()),
  source: ResultSource,
  evidence: Evidence,
  /** As the explainability mode asks: the region, the path of the heat map, what the answer of the network rests on. */
  box: Nullable(Box),
  heatmap: Nullable(Type.String()),
  occlusion: Nullable(Occlusion),
});
export type ResultFinding = Static<typeof ResultFinding>;

export const DiagnosisCandidate = Type.Object({
  code: Type.String(),
  title: Type.String(),
  /** Calibrated probability, 0..1; null where no model gives one. */
  confidence: Nullable(Type.Number()),
  /** Whether a person has confirmed a finding that it rests on. */
  decision: Type.Enum(['proposed', 'accepted', 'edited']),
  finding_ids: Type.Array(Id),
  source: ResultSource,
});
export type DiagnosisCandidate = Static<typeof DiagnosisCandidate>;

export const SeverityReason = Type.Object({ severity: Severity, text: Type.String(), source: ResultSource, evidence: Evidence });
export type SeverityReason = Static<typeof SeverityReason>;

export const DiagnosisRecommendation = Type.Object({
  text: Type.String(),
  urgency: Severity,
  source: ResultSource,
  evidence: Evidence,
});
export type DiagnosisRecommendation = Static<typeof DiagnosisRecommendation>;

export const DiagnosisResults = Type.Object({
  diagnosis_id: Id,
  /** `partial`: agents are at work or ended without an answer; `preliminary`: nobody has signed; `signed`: every report is. */
  status: Type.Enum(['none', 'partial', 'preliminary', 'signed']),
  primary_diagnosis: Nullable(DiagnosisCandidate),
  secondary_diagnoses: Type.Array(DiagnosisCandidate),
  confidence: Nullable(Type.Number()),
  severity: Nullable(Severity),
  severity_reasons: Type.Array(SeverityReason),
  findings: Type.Array(ResultFinding),
  /** Findings that the confidence threshold hides. */
  below_threshold: Type.Integer(),
  recommendations: Type.Array(DiagnosisRecommendation),
  missing: Type.Array(Type.Object({ agent: AgentName, reason: Type.String() })),
  /** What the absence of a primary diagnosis means. */
  statement: Nullable(Type.String()),
  signed_by: Type.Array(Type.Object({ report_id: Id, study_instance_uid: Uid, signed_by: Type.String(), signed_at: Instant })),
  disclaimer: Type.String(),
});
export type DiagnosisResults = Static<typeof DiagnosisResults>;

export const getDiagnosisResults = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis/:id/results',
  summary: 'What the agents came to, by stated rules, each element with its source; final only once a person has signed (E-23)',
  permission: 'diagnosis:read',
  params: diagnosisParams,
  response: DiagnosisResults,
});
