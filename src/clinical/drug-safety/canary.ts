import type { DrugSafetyRequest } from '../../contract/drug-safety.ts';
import { checkMedications } from './check.ts';
import type { Knowledge } from './compile.ts';
import type { InteractionRule, KnowledgeTables, Target } from './knowledge.ts';

/** A question whose answer is known: an alert that must come, at least so severe, and stop the prescriber. */
type Canary = { name: string; request: DrugSafetyRequest };

const pair = (a: string, b: string): Canary => ({ name: `${a} with ${b}`, request: { medications: [a, b] } });

/**
 * One of each high-priority pair of Phansalkar 2012 (J Am Med Inform Assoc 19:735) that names drugs, and one of each other check. If one of them
 * does not alert, the tables or the program are broken.
 */
const OF_BUNDLED: readonly Canary[] = [
  pair('methylphenidate', 'tranylcypromine'),
  pair('atazanavir', 'omeprazole'),
  pair('febuxostat', 'azathioprine'),
  pair('fluoxetine', 'phenelzine'),
  pair('irinotecan', 'ketoconazole'),
  pair('meperidine', 'phenelzine'),
  pair('amitriptyline', 'tranylcypromine'),
  pair('sotalol', 'haloperidol'),
  pair('ramelteon', 'fluvoxamine'),
  pair('rifampicin', 'darunavir'),
  pair('simvastatin', 'clarithromycin'),
  pair('ergotamine', 'clarithromycin'),
  pair('tizanidine', 'ciprofloxacin'),
  pair('sumatriptan', 'phenelzine'),
  { name: 'amoxicillin in penicillin allergy', request: { medications: ['amoxicillin'], allergies: ['penicillin'] } },
  { name: 'propranolol in asthma', request: { medications: ['propranolol'], conditions: ['asthma'] } },
  { name: 'isotretinoin in pregnancy', request: { medications: ['isotretinoin'], patient: { pregnant: true } } },
  { name: 'metformin with eGFR 20', request: { medications: ['metformin'], patient: { egfr: 20 } } },
  {
    name: 'gadodiamide with eGFR 20',
    request: { medications: [], patient: { egfr: 20 }, exam: { contrast: 'gadolinium', agent: 'gadodiamide' } },
  },
];
/** Of an imported source so many of its own rules are asked. */
const OWN_RULES = 20;

/**
 * Asks what a source must know. The tables that come with the program answer a fixed list; an imported source answers for its own rules that
 * stop the prescriber and have no condition.
 *
 * @param knowledge all sources that are in use, without what the hospital overrides
 * @returns what did not alert; empty if all did
 */
export function runCanaries(knowledge: Knowledge, tables: KnowledgeTables, { isBundled }: { isBundled: boolean }): string[] {
  const canaries = isBundled ? OF_BUNDLED : ownCanaries(knowledge, tables);
  return canaries.filter(({ request }) => !stops(knowledge, request)).map(({ name }) => name);
}

/** How many questions `runCanaries` asks of a source. */
export function countCanaries(knowledge: Knowledge, tables: KnowledgeTables, { isBundled }: { isBundled: boolean }): number {
  return isBundled ? OF_BUNDLED.length : ownCanaries(knowledge, tables).length;
}

function stops(knowledge: Knowledge, request: DrugSafetyRequest): boolean {
  return checkMedications(knowledge, request).alerts.some(
    ({ display, depends_on }) => display === 'interruptive' && depends_on.length === 0,
  );
}

function ownCanaries(knowledge: Knowledge, tables: KnowledgeTables): Canary[] {
  const rules = tables.interactions.filter(({ condition, display }) => condition === '' && display === 'interruptive');
  return rules.slice(0, OWN_RULES).flatMap((rule) => {
    const drugs = pairOf(knowledge, rule);
    if (!drugs) return [];
    const medications = drugs.map((code) => ({ system: 'local' as const, code }));
    return [{ name: `rule ${rule.id}`, request: { medications } }];
  });
}

function pairOf(knowledge: Knowledge, { a, b }: InteractionRule): [string, string] | undefined {
  const first = drugOf(knowledge, a);
  const second = drugOf(knowledge, b, first);
  return first !== undefined && second !== undefined ? [first, second] : undefined;
}

/** A drug that the target names, other than the one given. */
function drugOf(knowledge: Knowledge, { type, code }: Target, other?: string): string | undefined {
  const drugs = [...knowledge.drugs.values()].filter(({ id, parts }) => id !== other && parts.length === 0);
  if (type === 'drug') return drugs.find(({ id }) => id === code)?.id;
  if (type === 'rxcui') return drugs.find(({ rxcui }) => rxcui === code)?.id;
  if (type === 'class') return drugs.find(({ classes }) => classes.includes(code))?.id;
  return drugs.find(({ atc }) => atc.some((one) => one.startsWith(code)))?.id;
}
