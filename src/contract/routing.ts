import { type Static, Type } from 'typebox';
import { NewDeidentification } from './deidentification.ts';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Uid } from './fields.ts';
import { Label } from './labels.ts';
import { AeTitle } from './peers.ts';

/** `arrival`: while objects come; `complete`: when nothing has come for a while, or the sender said so. */
export const RoutingOccasion = Type.Enum(['arrival', 'complete']);
export type RoutingOccasion = Static<typeof RoutingOccasion>;

/**
 * What a study must be; what is left out does not matter. Of a list one must fit. Modality, body part, SOP class and attributes must fit one
 * and the same series. De-identified copies are met only by rules that ask for the label `deidentified`, so that they never go where the
 * originals do.
 */
export const RoutingConditions = Type.Object(
  {
    modalities: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 16 }), { minItems: 1, maxItems: 50 })),
    body_parts: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 16 }), { minItems: 1, maxItems: 50 })),
    sop_class_uids: Type.Optional(Type.Array(Uid, { minItems: 1, maxItems: 100 })),
    /** Applications by whose associations (DIMSE) objects of the study came. */
    sender_ae_titles: Type.Optional(Type.Array(AeTitle, { minItems: 1, maxItems: 50 })),
    /** All of them. */
    labels: Type.Optional(Type.Array(Label, { minItems: 1, maxItems: 20 })),
    min_instances: Type.Optional(Type.Integer({ minimum: 1 })),
    max_instances: Type.Optional(Type.Integer({ minimum: 1 })),
    /** By keyword or tag (8 hex digits), matched as a DICOM query would: wildcards, ranges of dates, lists of UIDs. */
    attributes: Type.Optional(
      Type.Array(
        Type.Object({
          attribute: Type.String({ minLength: 1, maxLength: 64 }),
          matches: Type.String({ minLength: 1, maxLength: 1_024 }),
        }),
        { minItems: 1, maxItems: 20 },
      ),
    ),
  },
  { additionalProperties: false },
);
export type RoutingConditions = Static<typeof RoutingConditions>;

/**
 * - `forward`: sends the study to a peer, and what comes later as well
 * - `label`: puts a word on it
 * - `deidentify_and_forward`: makes a de-identified copy and sends that
 * - `models`: runs these models and no others
 */
export const RoutingAction = Type.Union([
  Type.Object({ kind: Type.Literal('forward'), peer_id: Id, commitment: Type.Optional(Type.Boolean()) }),
  Type.Object({ kind: Type.Literal('label'), label: Label }),
  Type.Object({
    kind: Type.Literal('deidentify_and_forward'),
    peer_id: Id,
    options: NewDeidentification.properties.options,
    project: NewDeidentification.properties.project,
  }),
  Type.Object({ kind: Type.Literal('models'), model_ids: Type.Array(Type.String({ minLength: 1, maxLength: 128 }), { maxItems: 100 }) }),
]);
export type RoutingAction = Static<typeof RoutingAction>;

const RuleContent = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  occasion: RoutingOccasion,
  conditions: RoutingConditions,
  actions: Type.Array(RoutingAction, { minItems: 1, maxItems: 20 }),
};

export const RoutingRule = Type.Object({
  id: Id,
  ...RuleContent,
  /** Rules are tried from the lowest. */
  position: Type.Integer(),
  is_enabled: Type.Boolean(),
  /** Grows with each change of what it asks or does; then it acts anew. */
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
});
export type RoutingRule = Static<typeof RoutingRule>;

export const NewRoutingRule = Type.Object({
  ...RuleContent,
  position: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
  is_enabled: Type.Optional(Type.Boolean({ default: true })),
});
export type NewRoutingRule = Static<typeof NewRoutingRule>;
export const RoutingRuleChange = Type.Partial(NewRoutingRule);
export type RoutingRuleChange = Static<typeof RoutingRuleChange>;

/** What a rule says of a study: each of its conditions, and whether the study meets it. */
export const RoutingExplanation = Type.Object({
  rule_id: Type.Union([Id, Type.Null()]),
  name: Type.String(),
  occasion: RoutingOccasion,
  fires: Type.Boolean(),
  reasons: Type.Array(Type.Object({ condition: Type.String(), is_met: Type.Boolean(), detail: Type.String() })),
  /** What it would do; empty if it does not fire. */
  actions: Type.Array(RoutingAction),
});
export type RoutingExplanation = Static<typeof RoutingExplanation>;

const ruleParams = Type.Object({ id: Id });
const path = '/api/v1/routing/rules';

export const listRoutingRules = endpoint({
  method: 'GET',
  path,
  summary: 'Rules for studies that arrive, in the order in which they are tried',
  permission: 'routing:read',
  response: Type.Object({ items: Type.Array(RoutingRule) }),
});
export const createRoutingRule = endpoint({
  method: 'POST',
  path,
  summary: 'Makes a rule',
  permission: 'routing:write',
  body: NewRoutingRule,
  response: RoutingRule,
  status: 201,
});
export const getRoutingRule = endpoint({
  method: 'GET',
  path: `${path}/:id`,
  summary: 'A rule',
  permission: 'routing:read',
  params: ruleParams,
  response: RoutingRule,
});
export const changeRoutingRule = endpoint({
  method: 'PATCH',
  path: `${path}/:id`,
  summary: 'Changes a rule',
  permission: 'routing:write',
  params: ruleParams,
  body: RoutingRuleChange,
  response: RoutingRule,
});
export const removeRoutingRule = endpoint({
  method: 'DELETE',
  path: `${path}/:id`,
  summary: 'Removes a rule; what it has begun goes on',
  permission: 'routing:write',
  params: ruleParams,
  response: Type.Object({}),
});
export const testRouting = endpoint({
  method: 'POST',
  path: '/api/v1/routing/test',
  summary: 'Says which rules fire for a study and why, and does nothing; with `rules`, of these in place of those that are kept',
  permission: 'routing:read',
  body: Type.Object({ study_instance_uid: Uid, rules: Type.Optional(Type.Array(NewRoutingRule, { maxItems: 100 })) }),
  response: Type.Object({ study_instance_uid: Uid, items: Type.Array(RoutingExplanation) }),
  audit: 'access',
});
