import type { NewRoutingRule, RoutingAction, RoutingConditions, RoutingOccasion, RoutingRule } from '../../../contract/routing.ts';

/** A rule as its form holds it: lists are one line of text. */
export type RuleDraft = {
  name: string;
  occasion: RoutingOccasion;
  modalities: string;
  body_parts: string;
  sender_ae_titles: string;
  labels: string;
  min_instances: string;
  max_instances: string;
  attributes: readonly { attribute: string; matches: string }[];
  actions: readonly ActionDraft[];
};
/** An action with what every kind may need. */
export type ActionDraft = {
  kind: RoutingAction['kind'];
  peer_id: string;
  label: string;
  model_ids: readonly string[];
  commitment: boolean;
};

export const EMPTY_ACTION: ActionDraft = { kind: 'forward', peer_id: '', label: '', model_ids: [], commitment: false };
const LISTS = ['modalities', 'body_parts', 'sender_ae_titles', 'labels'] as const;

export function draftOf(rule: RoutingRule | undefined): RuleDraft {
  const { name = '', occasion = 'complete', conditions = {}, actions = [] } = rule ?? {};
  const list = (key: (typeof LISTS)[number]): string => conditions[key]?.join(', ') ?? '';
  return {
    name,
    occasion,
    modalities: list('modalities'),
    body_parts: list('body_parts'),
    sender_ae_titles: list('sender_ae_titles'),
    labels: list('labels'),
    min_instances: String(conditions.min_instances ?? ''),
    max_instances: String(conditions.max_instances ?? ''),
    attributes: conditions.attributes ?? [],
    actions: rule ? actions.map((action) => ({ ...EMPTY_ACTION, ...action })) : [EMPTY_ACTION],
  };
}

/** The rule that a form holds. Conditions of `held` that the form does not show stay as they are, and so does what its actions say besides. */
export function ruleOf(draft: RuleDraft, held?: RoutingRule): NewRoutingRule {
  const lists = LISTS.flatMap((key) => {
    const values = listOf(draft[key]);
    return values.length > 0 ? [[key, values] as const] : [];
  });
  const numbers = (['min_instances', 'max_instances'] as const).flatMap((key) => (draft[key] ? [[key, Number(draft[key])] as const] : []));
  const attributes = draft.attributes.filter(({ attribute, matches }) => attribute.trim() && matches.trim());
  const classes = held?.conditions.sop_class_uids;
  const conditions: RoutingConditions = {
    ...Object.fromEntries([...lists, ...numbers]),
    ...(classes ? { sop_class_uids: classes } : {}),
    ...(attributes.length > 0 ? { attributes: [...attributes] } : {}),
  };
  return {
    name: draft.name.trim(),
    occasion: draft.occasion,
    conditions,
    actions: draft.actions.map((action, index) => actionOf(action, held?.actions[index])),
  };
}

function actionOf({ kind, peer_id, label, model_ids, commitment }: ActionDraft, held: RoutingAction | undefined): RoutingAction {
  switch (kind) {
    case 'forward':
      return { kind, peer_id, commitment };
    case 'label':
      return { kind, label: label.trim() };
    case 'deidentify_and_forward':
      return { ...(held?.kind === kind ? held : {}), kind, peer_id };
    case 'models':
      return { kind, model_ids: [...model_ids] };
  }
}

function listOf(line: string): string[] {
  return line
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter(Boolean);
}
