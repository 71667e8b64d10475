import type { DrugSafetyAlert } from '../../contract/drug-safety.ts';
import { alertOf } from './alert.ts';
import type { Case, Checked, Entry } from './case.ts';
import { isTarget, type Knowledge } from './compile.ts';
import type { AllergyRule, Drug } from './knowledge.ts';
import { parseMedication } from './parse-medication.ts';

/** Allergies against what is taken and against the contrast agent, by the groups that really cross-react. */
export function checkAllergies({ knowledge, allergies, taken, facts, request }: Case): Checked {
  const agent = request.exam?.agent === undefined ? [] : drugsNamed(knowledge, request.exam.agent);
  const given = [...new Map([...taken.map(({ drug }) => drug), ...agent].map((drug) => [drug.id, drug])).values()];
  const checked: Checked = { alerts: [], not_checked: [] };
  for (const entry of allergies) {
    const allergens = drugsOf(knowledge, entry);
    const rules = knowledge.allergies.filter(
      (rule) => names(rule, entry) || allergens.some((drug) => rule.allergen.some((target) => isTarget(drug, target))),
    );
    if (rules.length === 0 && allergens.length === 0) {
      checked.not_checked.push({ text: entry.text, reason: 'No allergen of the knowledge base was recognized' });
      continue;
    }
    for (const drug of given) {
      const isSame = allergens.some(({ id, parts }) => id === drug.id || parts.includes(drug.id));
      const fired = rules.filter((rule) => rule.alertsFor.some((target) => isTarget(drug, target)));
      const [alert] = isSame
        ? [sameDrug(drug, entry, knowledge)]
        : fired.flatMap((rule) => alertOf(rule, 'allergy', [drug.inn, entry.text], facts) ?? []);
      if (alert) checked.alerts.push(alert);
    }
  }
  return checked;
}

function names(rule: AllergyRule, { folded }: Entry): boolean {
  return rule.words.some((word) => folded.includes(` ${word} `));
}

function sameDrug(drug: Drug, entry: Entry, knowledge: Knowledge): DrugSafetyAlert {
  return {
    rule_id: `allergy-same-${drug.id}`,
    kind: 'allergy',
    drugs: [drug.inn, entry.text],
    severity: 'contraindicated',
    display: 'interruptive',
    effect: 'The record states an allergy to this very drug.',
    mechanism: null,
    management: 'Do not give it unless the entry is found to be wrong, for example an intolerance or a test that was negative.',
    evidence: 'record',
    citation: 'The allergy list of the record itself',
    depends_on: [],
    source: knowledge.sources[0]?.source ?? '',
  };
}

function drugsOf(knowledge: Knowledge, { code, text }: Entry): Drug[] {
  if (!code) return drugsNamed(knowledge, text);
  const drug = knowledge.drugs.get(knowledge.codes.get(`${code.system}:${code.code}`) ?? '');
  return drug ? [drug] : [];
}

function drugsNamed(knowledge: Knowledge, text: string): Drug[] {
  return parseMedication(knowledge, text).drugs.flatMap((id) => knowledge.drugs.get(id) ?? []);
}
