import { CDS_HOOKS, type CdsCard, type CdsRequest, type CdsService } from '../../contract/cds-hooks.ts';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { DrugSafetyAlert, DrugSafetyPatient, DrugSafetyRequest, DrugSafetyResult } from '../../contract/drug-safety.ts';
import { checkMedications } from './check.ts';
import type { Knowledge } from './compile.ts';
import { entryOf, examOf, medicationOf, patientOf, type Resource, resourcesOf } from './read-fhir.ts';

const SUMMARY_CHARACTERS = 140;
/** What the request may carry beside the orders; a name that is left out is told as not checked. */
const PREFETCH: Readonly<Record<string, string>> = {
  patient: 'Patient/{{context.patientId}}',
  medications: 'MedicationRequest?patient={{context.patientId}}&status=active',
  allergies: 'AllergyIntolerance?patient={{context.patientId}}',
  conditions: 'Condition?patient={{context.patientId}}&clinical-status=active',
  observations: 'Observation?patient={{context.patientId}}&code=2160-0,14682-9,33914-3,98979-8,29463-7,8302-2,2823-3&_sort=-date&_count=20',
};
const OVERRIDE_REASONS = [
  { code: 'benefit-outweighs-risk', display: 'The benefit outweighs the risk' },
  { code: 'tolerated-before', display: 'The patient has tolerated it' },
  { code: 'will-monitor', display: 'It will be monitored' },
  { code: 'does-not-apply', display: 'The alert does not apply to this patient' },
];

export const CDS_SERVICES: readonly CdsService[] = CDS_HOOKS.map((hook) => ({
  hook,
  id: `drug-safety-${hook}`,
  title: `Drug and contrast safety (${hook})`,
  description:
    'Interactions, allergies, conditions, doses and contrast media for the draft orders. Research use; not a medical device: silence is no clearance.',
  prefetch: { ...PREFETCH },
  usageRequirements: 'Everything is read from the request; no FHIR server is asked. What the prefetch leaves out is not checked, and told.',
}));

/**
 * Answers a hook with the same check as the API: one card for each alert that the orders take part in, and one for what was not checked.
 * Alerts among what the patient takes already are not repeated at every order. Pure.
 */
export function answerHook(knowledge: Knowledge, request: CdsRequest, now: Date): { cards: CdsCard[] } {
  const orders = ordersOf(request);
  const prefetched = Object.values(request.prefetch ?? {}).flatMap(resourcesOf);
  const ordered = orders.flatMap((order) => medicationOf(order, knowledge) ?? []);
  const exam = orders.map(examOf).find((one) => one !== undefined);
  const taken = prefetched.flatMap((resource) => medicationOf(resource, knowledge) ?? []);
  const result = checkMedications(knowledge, {
    medications: [...ordered, ...taken].slice(0, 200),
    allergies: prefetched.flatMap((resource) => entryOf(resource, 'AllergyIntolerance') ?? []).slice(0, 100),
    conditions: prefetched.flatMap((resource) => entryOf(resource, 'Condition') ?? []).slice(0, 200),
    patient: plausible(patientOf(prefetched, now)),
    ...(exam ? { exam } : {}),
  });
  const concerned = new Set(checkMedications(knowledge, { medications: ordered }).medications.flatMap(({ drugs }) => drugs));
  const alerts = result.alerts.filter(({ kind, drugs }) => kind === 'contrast' || drugs.some((drug) => concerned.has(drug)));
  return { cards: [...alerts.map(cardOf), ...notCheckedCard(result, request)] };
}

/** For order-select the selected ones; an order without an id counts as selected. */
function ordersOf({ hook, context }: CdsRequest): Resource[] {
  const drafts = resourcesOf(context.draftOrders);
  const selected = context.selections;
  if (hook === 'order-sign' || selected === undefined) return drafts;
  return drafts.filter(({ resourceType, id }) => id === undefined || selected.includes(`${String(resourceType)}/${String(id)}`));
}

/** What the check would refuse as not plausible is left out: an order must not fail for it. */
function plausible(patient: DrugSafetyPatient): NonNullable<DrugSafetyRequest['patient']> {
  const within = (value: number | undefined, min: number, max: number): boolean => value !== undefined && value >= min && value <= max;
  const { creatinine_mg_dl, egfr, weight_kg, height_cm, potassium, ...rest } = patient;
  return {
    ...rest,
    ...(creatinine_mg_dl !== undefined && within(creatinine_mg_dl, 0.05, 40) ? { creatinine_mg_dl } : {}),
    ...(egfr !== undefined && within(egfr, 0, 250) ? { egfr } : {}),
    ...(weight_kg !== undefined && within(weight_kg, 0.2, 500) ? { weight_kg } : {}),
    ...(height_cm !== undefined && within(height_cm, 20, 260) ? { height_cm } : {}),
    ...(potassium !== undefined && within(potassium, 1, 10) ? { potassium } : {}),
  };
}

function cardOf(alert: DrugSafetyAlert): CdsCard {
  const { severity, display, drugs, effect, mechanism, management, evidence, citation, depends_on, source, rule_id } = alert;
  const lines = [
    `**${effect}**`,
    mechanism ?? '',
    `What to do: ${management}`,
    depends_on.length === 0 ? '' : `Depends on what is not known: ${depends_on.join(', ')}.`,
    `Evidence: ${evidence}. ${citation} (rule ${rule_id}).`,
    DISCLAIMER,
  ];
  const stops = display === 'interruptive';
  return {
    summary: cut(`${severity[0]?.toUpperCase()}${severity.slice(1)}: ${drugs.join(' + ')}. ${effect}`),
    detail: lines.filter(Boolean).join('\n\n'),
    indicator: stops ? (severity === 'contraindicated' ? 'critical' : 'warning') : 'info',
    source: { label: source },
    ...(stops ? { overrideReasons: OVERRIDE_REASONS } : {}),
  };
}

/** Never silence in place of an answer. */
function notCheckedCard({ not_checked }: DrugSafetyResult, { prefetch = {} }: CdsRequest): CdsCard[] {
  const missing = Object.keys(PREFETCH).filter((name) => prefetch[name] === undefined || prefetch[name] === null);
  const lines = [...missing.map((name) => `- ${name}: not sent`), ...not_checked.map(({ text, reason }) => `- ${text}: ${reason}`)];
  if (lines.length === 0) return [];
  return [
    {
      summary: cut(`Not checked: ${lines.length} ${lines.length === 1 ? 'item' : 'items'}`),
      detail: `${lines.join('\n')}\n\n${DISCLAIMER}`,
      indicator: 'info',
      source: { label: 'Isocenter' },
    },
  ];
}

function cut(text: string): string {
  return text.length <= SUMMARY_CHARACTERS ? text : `${text.slice(0, SUMMARY_CHARACTERS - 1)}…`;
}
