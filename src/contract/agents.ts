import { type Static, Type } from 'typebox';
import { AnalysisStatus } from './analysis.ts';
import { DrugSafetyResult } from './drug-safety.ts';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Uid } from './fields.ts';
import { HistoryPattern, RelevantHistory } from './history.ts';

/** The agents of a diagnosis. `monai` is the imaging agent: the models of this installation (V-01 names it so). */
export const AGENTS = ['monai', 'history', 'drug_checker', 'research'] as const;
export const AgentName = Type.Enum(AGENTS);
export type AgentName = Static<typeof AgentName>;

/** V-01: `ready` waits for its turn, `error` is given up. */
export const AgentStatus = Type.Enum(['ready', 'processing', 'complete', 'error']);
export type AgentStatus = Static<typeof AgentStatus>;

/** Whether an agent that ended could say anything at all: `not_evaluable` is an answer, and no all-clear. */
export const AgentOutcome = Type.Enum(['evaluated', 'not_evaluable']);
export type AgentOutcome = Static<typeof AgentOutcome>;

/** A region of a picture without which the probability falls: occlusion sensitivity (Zeiler and Fergus 2014, arXiv:1311.2901). */
export const Occlusion = Type.Object({
  analysis_id: Id,
  sop_instance_uid: Uid,
  label: Type.String(),
  probability: Type.Number(),
  /** Of the label when the region is covered with the mean gray of the picture. */
  covered_probability: Type.Number(),
  /** Of the region whose covering lowers the probability most, in pixels of the frame. */
  box: Type.Object({ x: Type.Number(), y: Type.Number(), width: Type.Number(), height: Type.Number() }),
  regions: Type.Integer(),
});
export type Occlusion = Static<typeof Occlusion>;

export const ImagingReport = Type.Object({
  runs: Type.Array(
    Type.Object({
      analysis_id: Id,
      study_instance_uid: Uid,
      model_id: Type.String(),
      model_version: Type.String(),
      status: AnalysisStatus,
      reason: Nullable(Type.String()),
    }),
  ),
  /** Models that the depth left out, and why. */
  left_out: Type.Array(Type.Object({ model_id: Type.String(), reason: Type.String() })),
  occlusions: Type.Array(Occlusion),
});
export type ImagingReport = Static<typeof ImagingReport>;

/** A fact of the structured record, and why it is shown. */
export const RecordFact = Type.Object({
  record_entry_id: Id,
  text: Type.String(),
  at: Nullable(Type.String()),
  value: Nullable(Type.Number()),
  unit: Nullable(Type.String()),
  rule: Type.String(),
});
export type RecordFact = Static<typeof RecordFact>;

export const HistoryReport = Type.Object({
  conditions: Type.Array(RecordFact),
  medications: Type.Array(RecordFact),
  allergies: Type.Array(RecordFact),
  labs: Type.Array(RecordFact),
  priors: Type.Array(Type.Object({ study_instance_uid: Uid, study_date: Nullable(Type.String()), modalities: Type.Array(Type.String()) })),
  /** What several entries say only together: trends, gaps, contradictions. */
  patterns: Type.Array(HistoryPattern),
  /** What matters for the studies at hand, and why. */
  relevant: Type.Array(RelevantHistory),
});
export type HistoryReport = Static<typeof HistoryReport>;

export const DrugCheckReport = Type.Object({
  result: DrugSafetyResult,
  /** What of the patient the rules were told, and from where. */
  facts: Type.Array(Type.Object({ name: Type.String(), value: Type.String(), source: Type.String() })),
});
export type DrugCheckReport = Static<typeof DrugCheckReport>;

export const ResearchReport = Type.Object({
  papers_found: Type.Integer(),
  /** Design level of the best of them (1 to 5), by publication type: no grading of the evidence. */
  evidence_level: Nullable(Type.String()),
  references: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), citation: Type.String() })),
  /** The newest of what was searched; null if nothing is held. */
  corpus_date: Nullable(Type.String()),
  /** Names retracted works that were left out. */
  banner: Nullable(Type.String()),
});
export type ResearchReport = Static<typeof ResearchReport>;

/** What an agent has to say, by its name. */
export type AgentReports = { monai: ImagingReport; history: HistoryReport; drug_checker: DrugCheckReport; research: ResearchReport };

const stateFields = {
  status: AgentStatus,
  outcome: Nullable(AgentOutcome),
  /** Why it is in error or not evaluable. */
  reason: Nullable(Type.String()),
  progress: Type.Integer({ minimum: 0, maximum: 100 }),
  /** Accuracy cannot be known of one live case: null unless it was measured. */
  accuracy: Type.Null(),
  failures: Type.Integer(),
  /** Seconds. */
  processing_time: Nullable(Type.Number()),
  started_at: Nullable(Instant),
  finished_at: Nullable(Instant),
};

/** How far the agents are, without what they say. */
export const AgentState = Type.Object({ agent: AgentName, ...stateFields });
export type AgentState = Static<typeof AgentState>;

/** D-03 `agents_reports`. */
export const AgentsReports = Type.Object({
  monai: Type.Object({ ...stateFields, report: Nullable(ImagingReport) }),
  history: Type.Object({ ...stateFields, report: Nullable(HistoryReport) }),
  drug_checker: Type.Object({ ...stateFields, report: Nullable(DrugCheckReport) }),
  research: Type.Object({ ...stateFields, report: Nullable(ResearchReport) }),
});
export type AgentsReports = Static<typeof AgentsReports>;

export const AgentHealth = Type.Object({
  agent: AgentName,
  /** `processing` while any diagnosis has it at work; `error` if its last run ended so. */
  status: AgentStatus,
  running: Type.Integer(),
  /** Diagnoses in which it has yet to start. */
  waiting: Type.Integer(),
  needs: Type.Array(AgentName),
  time_limit_s: Type.Number(),
  last_run: Nullable(Type.Object({ diagnosis_id: Id, status: AgentStatus, finished_at: Instant })),
  /** Seconds; of the last hundred runs that ended well. */
  mean_processing_time: Nullable(Type.Number()),
  runs: Type.Integer(),
});
export type AgentHealth = Static<typeof AgentHealth>;

export const listAgents = endpoint({
  method: 'GET',
  path: '/api/v1/system/agents',
  summary: 'The agents: what runs, what waits, the last run, the mean time (E-47)',
  permission: 'system:read',
  response: Type.Object({ items: Type.Array(AgentHealth) }),
});
export const restartAgent = endpoint({
  method: 'POST',
  path: '/api/v1/system/agents/:agent/restart',
  summary: 'Aborts what the agent is at and begins it anew; its queue stays (E-48)',
  permission: 'system:write',
  params: Type.Object({ agent: AgentName }),
  response: Type.Object({ agent: AgentName, restarted: Type.Integer() }),
});
