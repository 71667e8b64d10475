import type { AgentName, AgentOutcome, AgentReports } from '../../contract/agents.ts';
import type { AiConfig } from '../../contract/diagnosis.ts';
import type { DrugSafetyExam } from '../../contract/drug-safety.ts';

/** What a diagnosis asks its agents. */
export type AgentInput = {
  diagnosis_id: string;
  patient_key: string;
  symptoms: readonly string[];
  planned_exam: DrugSafetyExam | null;
  ai_config: AiConfig;
  /** Empty `sop_instance_uids`: the whole study. */
  studies: readonly { study_instance_uid: string; sop_instance_uids: readonly string[] }[];
  /** Of the agents that this one needs; what ended without a report is missing. */
  reports: Readonly<Partial<AgentReports>>;
};

export type AgentRun = {
  signal: AbortSignal;
  /** No other try follows: what can be said without the part that fails is to be said. */
  isLastTry: boolean;
  onProgress: (percentage: number) => void;
};

/** What an agent came to. `reason` says why there was nothing to evaluate. */
export type AgentAnswer<N extends AgentName> = { outcome: AgentOutcome; reason: string | null; report: AgentReports[N] };

/** May be run again for the same input; throws to be tried again. */
export type Agent<N extends AgentName> = (input: AgentInput, run: AgentRun) => Promise<AgentAnswer<N>>;
export type Agents = { [N in AgentName]: Agent<N> };
