import { type Static, Type } from 'typebox';
import { AlertDisplay, AlertSeverity } from './drug-safety.ts';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable } from './fields.ts';

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}(-\\d{2})?$' });
const SourceName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}$' });
const RuleId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]{0,119}$' });

/** What a source says of itself; `sha256` by file name is checked where it is given. */
export const KnowledgeManifest = Type.Object(
  {
    source: SourceName,
    version: Type.String({ minLength: 1, maxLength: 80 }),
    licence: Type.String({ minLength: 1, maxLength: 200 }),
    valid_from: Day,
    /** The last day on which it may be used. */
    valid_until: Type.Optional(Day),
    sha256: Type.Optional(Type.Record(Type.String(), Type.String({ pattern: '^[0-9a-f]{64}$' }))),
  },
  { additionalProperties: false },
);
export type KnowledgeManifest = Static<typeof KnowledgeManifest>;

/** What an import does to what is there. */
export const KnowledgeMerge = Type.Object({
  drugs: Type.Object({ added: Type.Integer(), replaced: Type.Array(Type.String()) }),
  rules: Type.Object({ added: Type.Integer(), replaced: Type.Array(Type.String()) }),
  /** Rules on a pair on which a source below has one as well; `stands`: the more severe one. */
  duplicates: Type.Array(Type.Object({ rule_id: Type.String(), of: Type.String(), stands: Type.String() })),
  /** Rules that name what no source has: kept and reported, never asked. */
  unmapped: Type.Array(Type.Object({ rule_id: Type.String(), names: Type.String() })),
});

export const KnowledgeSource = Type.Object({
  source: Type.String(),
  version: Type.String(),
  licence: Nullable(Type.String()),
  valid_from: Type.String(),
  valid_until: Nullable(Type.String()),
  /** Comes with the program. */
  is_bundled: Type.Boolean(),
  state: Type.Enum(['on', 'off']),
  /** Why it is off. */
  reason: Nullable(Type.String()),
  last_check: Nullable(Type.Object({ passed: Type.Boolean(), failures: Type.Array(Type.String()), checked_at: Instant })),
  drugs: Type.Integer(),
  rules: Type.Integer(),
  merge: Nullable(KnowledgeMerge),
  imported_by: Nullable(Type.String()),
  imported_at: Nullable(Instant),
});
export type KnowledgeSource = Static<typeof KnowledgeSource>;

export const KnowledgeOverride = Type.Object({
  rule_id: Type.String(),
  severity: Nullable(AlertSeverity),
  display: Nullable(Type.Union([AlertDisplay, Type.Literal('off')])),
  reason: Type.String(),
  requested_by: Type.String(),
  requested_at: Instant,
  /** Null until a second person approved it; until then it has no effect. */
  approved_by: Nullable(Type.String()),
  approved_at: Nullable(Instant),
});
export type KnowledgeOverride = Static<typeof KnowledgeOverride>;

const ruleParams = Type.Object({ rule_id: RuleId });

export const listKnowledgeSources = endpoint({
  method: 'GET',
  path: '/api/v1/drug-safety/sources',
  summary: 'Sources that the drug safety check rests on, lowest first: version, validity, canary checks, what an import did',
  permission: 'drug-safety:check',
  response: Type.Object({ items: Type.Array(KnowledgeSource) }),
});
export const importKnowledge = endpoint({
  method: 'POST',
  path: '/api/v1/drug-safety/sources',
  summary: 'Takes in tables of a hospital (CSV by file name, with a manifest): all or nothing, above the tables of the program',
  permission: 'drug-safety:manage',
  body: Type.Object({
    manifest: KnowledgeManifest,
    files: Type.Record(Type.String({ pattern: '^[a-z_]+\\.csv$' }), Type.String()),
    /** Only tells what it would do. */
    dry_run: Type.Optional(Type.Boolean()),
  }),
  response: Type.Object({ stored: Type.Boolean(), merge: KnowledgeMerge, failures: Type.Array(Type.String()) }),
});
export const removeKnowledge = endpoint({
  method: 'DELETE',
  path: '/api/v1/drug-safety/sources/:source',
  summary: 'Takes an imported source out of use for good',
  permission: 'drug-safety:manage',
  params: Type.Object({ source: SourceName }),
  response: Type.Object({}),
});
export const checkKnowledge = endpoint({
  method: 'POST',
  path: '/api/v1/drug-safety/sources/check',
  summary: 'Runs the canary pairs over every source now, as the schedule does every day',
  permission: 'drug-safety:manage',
  response: Type.Object({ items: Type.Array(KnowledgeSource) }),
});
export const listKnowledgeOverrides = endpoint({
  method: 'GET',
  path: '/api/v1/drug-safety/overrides',
  summary: 'Rules whose severity or display the hospital changed or wants to change',
  permission: 'drug-safety:check',
  response: Type.Object({ items: Type.Array(KnowledgeOverride) }),
});
export const requestOverride = endpoint({
  method: 'PUT',
  path: '/api/v1/drug-safety/overrides/:rule_id',
  summary: 'Asks for another severity or display of a rule; has no effect until a second person approves it',
  permission: 'drug-safety:manage',
  params: ruleParams,
  body: Type.Object({
    severity: Type.Optional(AlertSeverity),
    display: Type.Optional(Type.Union([AlertDisplay, Type.Literal('off')])),
    reason: Type.String({ minLength: 3, maxLength: 1000 }),
  }),
  response: KnowledgeOverride,
});
export const approveOverride = endpoint({
  method: 'POST',
  path: '/api/v1/drug-safety/overrides/:rule_id/approve',
  summary: 'Approves what another person asked for',
  permission: 'drug-safety:manage',
  params: ruleParams,
  response: KnowledgeOverride,
});
export const removeOverride = endpoint({
  method: 'DELETE',
  path: '/api/v1/drug-safety/overrides/:rule_id',
  summary: 'Gives a rule back its own severity and display',
  permission: 'drug-safety:manage',
  params: ruleParams,
  response: Type.Object({}),
});
