type ResearchSearch = { tab?: 'literature' | 'trials' | 'import'; patient?: string };

const KEY = /^[0-9A-Za-z-]{1,64}$/;
const TABS = ['literature', 'trials', 'import'] as const;

/** What the address of the research screen may say; anything else in it is left out. */
export function researchSearch({ tab, patient }: Record<string, unknown>): ResearchSearch {
  const known = TABS.find((name) => name === tab);
  return { ...(known ? { tab: known } : {}), ...(typeof patient === 'string' && KEY.test(patient) ? { patient } : {}) };
}
