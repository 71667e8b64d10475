import { alertOf } from './alert.ts';
import type { Case, Checked, Entry } from './case.ts';
import { isTarget } from './compile.ts';

/** Drugs against the problem list, pregnancy and breastfeeding. */
export function checkConditions({ knowledge, conditions, taken, facts }: Case): Checked {
  const drugs = [...new Map(taken.map(({ drug }) => [drug.id, drug])).values()];
  const alerts = knowledge.conditions.flatMap((rule) => {
    // Rules on pregnancy and breastfeeding ask for it in their condition; the others need the condition in the record.
    if (rule.kind === 'condition' && !conditions.some((entry) => namesCondition(entry, rule))) return [];
    return drugs.filter((drug) => isTarget(drug, rule.target)).flatMap((drug) => alertOf(rule, rule.kind, [drug.inn], facts) ?? []);
  });
  const isKnown = (entry: Entry): boolean => [...knowledge.conditions, ...knowledge.contrast].some((rule) => namesCondition(entry, rule));
  const unknown = conditions.filter((entry) => !isKnown(entry));
  return { alerts, not_checked: unknown.map(({ text }) => ({ text, reason: 'No rule of the knowledge base speaks of this condition' })) };
}

/** @param names ICD-10 codes as prefixes without the point, and words of free text */
export function namesCondition({ code, folded }: Entry, names: { icd10: readonly string[]; words: readonly string[] }): boolean {
  if (code?.system === 'icd10') {
    const given = code.code.replaceAll('.', '').toUpperCase();
    return names.icd10.some((prefix) => given.startsWith(prefix.replaceAll('.', '')));
  }
  return folded !== '' && names.words.some((word) => folded.includes(` ${word} `));
}
