import type { FindingUrgency } from '../../contract/reading-list.ts';

/**
 * How soon a finding of a model has to be told, by the code that the model gives it, after the three categories of the ACR Actionable
 * Reporting Work Group: within minutes (1), within hours (2), within days (3). Larson PA, et al. Actionable findings and the role of IT
 * support. J Am Coll Radiol 2014;11:552-558. Which code belongs to which category is our own reading of it (docs/adr/0021).
 */
const URGENCY: Readonly<Record<string, FindingUrgency>> = {
  // Category 1: may kill, or harm for good, if nobody acts at once.
  'intracranial-hemorrhage': 'critical',
  'tension-pneumothorax': 'critical',
  pneumothorax: 'critical',
  pneumoperitoneum: 'critical',
  'aortic-dissection': 'critical',
  'pulmonary-embolism': 'critical',
  'large-vessel-occlusion': 'critical',
  'cord-compression': 'critical',
  'malpositioned-tube': 'critical',
  // Category 2: explains an acute illness and needs its own treatment, though not at once.
  pneumonia: 'high',
  consolidation: 'high',
  fracture: 'high',
  'deep-vein-thrombosis': 'high',
  'bowel-obstruction': 'high',
  appendicitis: 'high',
  abscess: 'high',
};

/** What no category names is looked at in its turn: category 3 (a nodule, an incidental finding), and whatever is not known. */
export function urgencyOf(code: string): FindingUrgency {
  return Object.hasOwn(URGENCY, code) ? (URGENCY[code] ?? 'notable') : 'notable';
}
