/** What the addresses of the diagnosis screens may say; anything else in them is left out. */
type WizardSearch = { patient?: string; step?: 'patient' | 'images' | 'complaints' | 'preferences' };
type DiagnosisSearch = { wizard?: boolean; tab?: 'results' | 'agents' | 'timeline' | 'comments' };

const KEY = /^[0-9A-Za-z-]{1,64}$/;
const STEPS = ['patient', 'images', 'complaints', 'preferences'] as const;
const TABS = ['results', 'agents', 'timeline', 'comments'] as const;

export function wizardSearch({ patient, step }: Record<string, unknown>): WizardSearch {
  const known = STEPS.find((name) => name === step);
  return { ...(typeof patient === 'string' && KEY.test(patient) ? { patient } : {}), ...(known ? { step: known } : {}) };
}

export function diagnosisSearch({ wizard, tab }: Record<string, unknown>): DiagnosisSearch {
  const known = TABS.find((name) => name === tab);
  return { ...(wizard === true ? { wizard } : {}), ...(known ? { tab: known } : {}) };
}
