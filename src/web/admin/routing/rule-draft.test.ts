import { expect, it } from 'vitest';
import type { RoutingRule } from '../../../contract/routing.ts';
import { draftOf, EMPTY_ACTION, ruleOf } from './rule-draft.ts';

const RULE: RoutingRule = {
  id: '01a1ff00-0000-7000-8000-000000000000',
  name: 'chest to the archive',
  occasion: 'complete',
  conditions: {
    modalities: ['CT', 'DX'],
    sender_ae_titles: ['CT1'],
    sop_class_uids: ['1.2.3'],
    min_instances: 2,
    attributes: [{ attribute: 'StudyDescription', matches: '*CHEST*' }],
  },
  actions: [
    { kind: 'forward', peer_id: '01a1ff00-0000-7000-8000-000000000001', commitment: true },
    { kind: 'deidentify_and_forward', peer_id: '01a1ff00-0000-7000-8000-000000000002', project: 'trial' },
    { kind: 'models', model_ids: ['a'] },
  ],
  position: 3,
  is_enabled: true,
  version: 1,
  created_at: '2030-01-01T00:00:00.000Z',
  updated_at: '2030-01-01T00:00:00.000Z',
};

it('a rule that nobody changes in its form stays as it is, with what the form does not show', () => {
  const { name, occasion, conditions, actions } = RULE;
  expect(ruleOf(draftOf(RULE), RULE)).toEqual({ name, occasion, conditions, actions });
});

it('lists are typed with commas or semicolons, and what is left empty is no condition', () => {
  const draft = { ...draftOf(undefined), name: ' all ', modalities: 'CT; MR,, ', attributes: [{ attribute: ' ', matches: 'x' }] };
  const rule = ruleOf({ ...draft, actions: [{ ...EMPTY_ACTION, kind: 'label', label: ' seen ' }] });
  expect(rule).toEqual({
    name: 'all',
    occasion: 'complete',
    conditions: { modalities: ['CT', 'MR'] },
    actions: [{ kind: 'label', label: 'seen' }],
  });
});
