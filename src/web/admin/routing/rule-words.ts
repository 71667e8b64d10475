import type { RoutingAction, RoutingConditions } from '../../../contract/routing.ts';
import { operationsWords } from '../../strings/operations/words.ts';

const text = operationsWords.routing;

/** Each condition of a rule in words; none for a rule that fires for every study. */
export function conditionTexts({ attributes = [], min_instances, max_instances, ...lists }: RoutingConditions): string[] {
  const told = (['modalities', 'body_parts', 'sender_ae_titles', 'labels', 'sop_class_uids'] as const).flatMap((key) => {
    const values = lists[key];
    return values ? [`${text.fields[key]}: ${values.join(', ')}`] : [];
  });
  return [
    ...told,
    ...(min_instances === undefined ? [] : [text.atLeast(min_instances)]),
    ...(max_instances === undefined ? [] : [text.atMost(max_instances)]),
    ...attributes.map(({ attribute, matches }) => `${attribute} = ${matches}`),
  ];
}

/** What an action does, in words. */
export function actionText(action: RoutingAction, titleOf: (peerId: string) => string): string {
  switch (action.kind) {
    case 'forward':
      return text.does.forward(titleOf(action.peer_id));
    case 'label':
      return text.does.label(action.label);
    case 'deidentify_and_forward':
      return text.does.deidentify_and_forward(titleOf(action.peer_id));
    case 'models':
      return text.does.models(action.model_ids.join(', ') || text.noModels);
  }
}
