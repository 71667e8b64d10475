import type { AlertDisplay, AlertKind, AlertSeverity, DrugSafetyAlert } from '../../contract/drug-safety.ts';
import { evaluateCondition, type PatientFacts, parseCondition } from './condition.ts';
import type { RuleOverride } from './knowledge.ts';

type Ruled = {
  id: string;
  severity: AlertSeverity;
  display: AlertDisplay | 'off';
  effect: string;
  mechanism: string | null;
  management: string;
  evidence: string;
  citation: string;
  condition: string;
  source: string;
  override?: RuleOverride;
};

/** The alert of a rule whose targets are met; undefined if it is switched off or what is known of the patient rules it out. */
export function alertOf(rule: Ruled, kind: AlertKind, drugs: readonly string[], facts: PatientFacts): DrugSafetyAlert | undefined {
  if (rule.display === 'off') return undefined;
  const holds = evaluateCondition(conditionOf(rule.condition), facts);
  if (holds === 'no') return undefined;
  return {
    rule_id: rule.id,
    kind,
    drugs: [...drugs],
    severity: rule.severity,
    // An alert on what may not even be so must not stop anyone.
    display: holds === 'yes' ? rule.display : 'passive',
    effect: rule.effect,
    mechanism: rule.mechanism,
    management: rule.management,
    evidence: rule.evidence,
    citation: rule.citation,
    depends_on: holds === 'yes' ? [] : holds.unknown,
    source: rule.source,
    ...(rule.override ? { override: { reason: rule.override.reason, approved_by: rule.override.approved_by } } : {}),
  };
}

const parsed = new Map<string, ReturnType<typeof parseCondition>>();

function conditionOf(text: string): ReturnType<typeof parseCondition> {
  const known = parsed.get(text);
  if (known) return known;
  const condition = parseCondition(text);
  parsed.set(text, condition);
  return condition;
}
