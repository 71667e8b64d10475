import type { BenchRow } from './row.ts';

/** Every topic of the benchmark; each measures against a peer or a limit in its own run. */
export const TOPICS: Record<string, () => Promise<BenchRow[]>> = {
  inference: async () => (await import('./inference.ts')).benchInference(),
  predict: async () => (await import('./predict.ts')).benchPredict(),
  store: async () => (await import('./store.ts')).benchStore(),
  dicom: async () => (await import('./dicom.ts')).benchDicom(),
  latency: async () => (await import('./latency.ts')).benchLatency(),
  phantom: async () => (await import('./phantom.ts')).benchPhantom(),
  'bad-input': async () => (await import('./bad-input.ts')).benchBadInput(),
  audit: async () => (await import('./audit.ts')).benchAudit(),
  login: async () => (await import('./login.ts')).benchLogin(),
  literature: async () => (await import('./literature.ts')).benchLiterature(),
  'drug-safety': async () => (await import('./drug-safety.ts')).benchDrugSafety(),
  growth: async () => (await import('./growth.ts')).benchGrowth(),
  live: async () => (await import('./live.ts')).benchLive(),
  viewer: async () => (await import('./viewer.ts')).benchViewer(),
  patients: async () => (await import('./patients.ts')).benchPatients(),
  web: async () => (await import('./web.ts')).benchWeb(),
  memory: async () => (await import('./memory.ts')).benchMemory(),
};
