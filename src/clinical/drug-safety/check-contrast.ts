import { alertOf } from './alert.ts';
import type { Case, Checked, Entry } from './case.ts';
import { namesCondition } from './check-conditions.ts';
import { isTarget, type Sourced } from './compile.ts';
import type { ContrastRule, Drug } from './knowledge.ts';
import { parseMedication } from './parse-medication.ts';

/** The examination that is done or planned against kidneys, drugs and history, by the chosen authority's rules (ACR unless told). */
export function checkContrast(one: Case): Checked {
  const { request, knowledge, taken, conditions, allergies, facts } = one;
  const { exam } = request;
  if (!exam || exam.contrast === 'none') return { alerts: [], not_checked: [] };
  const policy = request.policy ?? 'acr';
  const agent = exam.agent === undefined ? undefined : agentNamed(one, exam.agent);
  const entries = [...conditions, ...allergies];
  const rules = knowledge.contrast.filter(
    (rule) =>
      rule.contrast === exam.contrast &&
      (rule.policy === 'all' || rule.policy === policy) &&
      (rule.routes.length === 0 || rule.routes.includes(exam.route ?? 'intravenous')) &&
      fitsAgent(rule, agent) &&
      fitsHistory(rule, entries),
  );
  const alerts = rules.flatMap((rule) => {
    const drugs =
      rule.target === null
        ? []
        : drugsMeeting(
            rule,
            taken.map(({ drug }) => drug),
          );
    if (rule.target !== null && drugs.length === 0) return [];
    return alertOf(rule, 'contrast', [agent?.inn ?? `${exam.contrast} contrast medium`, ...drugs], facts) ?? [];
  });
  const not_checked = exam.agent !== undefined && !agent ? [{ text: exam.agent, reason: 'Contrast agent not in the knowledge base' }] : [];
  return { alerts, not_checked };
}

function agentNamed({ knowledge }: Case, text: string): Drug | undefined {
  const [id] = parseMedication(knowledge, text).drugs;
  return id === undefined ? undefined : knowledge.drugs.get(id);
}

/** A rule on one group of agents also speaks while the agent is open: its text says for which. */
function fitsAgent(rule: Sourced<ContrastRule>, agent: Drug | undefined): boolean {
  return rule.agent === null || agent === undefined || isTarget(agent, rule.agent);
}

function fitsHistory(rule: Sourced<ContrastRule>, entries: readonly Entry[]): boolean {
  if (rule.icd10.length === 0 && rule.words.length === 0) return true;
  return entries.some((entry) => namesCondition(entry, rule));
}

function drugsMeeting({ target }: ContrastRule, drugs: readonly Drug[]): string[] {
  return target === null
    ? []
    : [...new Set(drugs.filter((drug) => drug.parts.length === 0 && isTarget(drug, target)).map(({ inn }) => inn))];
}
