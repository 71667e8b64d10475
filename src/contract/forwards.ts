import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';

const ForwardStatus = Type.Enum(['waiting', 'sending', 'sent', 'failed', 'cancelled']);

/** Empty lists mean all of the study. */
export const ForwardSelection = Type.Object({
  series_instance_uids: Type.Array(Uid, { maxItems: 1_000 }),
  sop_instance_uids: Type.Array(Uid, { maxItems: 1_000 }),
});
export type ForwardSelection = Static<typeof ForwardSelection>;

/** Instances of a study on their way to a peer. */
export const Forward = Type.Object({
  id: Id,
  study_instance_uid: Uid,
  ...ForwardSelection.properties,
  peer_id: Id,
  ae_title: Type.String(),
  status: ForwardStatus,
  /** As of the last try. */
  total_count: Type.Integer(),
  sent_count: Type.Integer(),
  attempts: Type.Integer(),
  next_attempt_at: Nullable(Instant),
  /** Why the last try did not come to its end. */
  last_error: Nullable(Type.String()),
  /** Whether the peer is asked for storage commitment, and what it said. */
  commitment: Type.Enum(['none', 'wanted', 'requested', 'committed', 'failed']),
  is_by_rule: Type.Boolean(),
  requested_by: Type.String(),
  created_at: Instant,
  finished_at: Nullable(Instant),
});
export type Forward = Static<typeof Forward>;

export const NewForward = Type.Object({
  study_instance_uid: Uid,
  peer_id: Id,
  series_instance_uids: Type.Optional(ForwardSelection.properties.series_instance_uids),
  sop_instance_uids: Type.Optional(ForwardSelection.properties.sop_instance_uids),
  /** Asks the peer afterwards whether it takes responsibility for the objects (storage commitment). */
  commitment: Type.Optional(Type.Boolean({ default: false })),
});
export type NewForward = Static<typeof NewForward>;

const forwardParams = Type.Object({ id: Id });

export const createForward = endpoint({
  method: 'POST',
  path: '/api/v1/forwards',
  summary: 'Sends a study, or a part of it, to a peer (C-STORE) in the background; tried again until the peer has it',
  permission: 'study:write',
  body: NewForward,
  response: Forward,
  status: 202,
  audit: 'forward',
});
export const listForwards = endpoint({
  method: 'GET',
  path: '/api/v1/forwards',
  summary: 'What is sent to peers and how far it is, the latest first',
  permission: 'peer:read',
  query: Type.Object({
    ...PageQuery,
    status: Type.Optional(ForwardStatus),
    study_instance_uid: Type.Optional(Uid),
    peer_id: Type.Optional(Id),
  }),
  response: Page(Forward),
});
export const listForwardDestinations = endpoint({
  method: 'GET',
  path: '/api/v1/forward-destinations',
  summary: 'Where a study can be sent to: the titles of the peers, for whoever may send and does not administer them',
  permission: 'study:write',
  response: Type.Object({ items: Type.Array(Type.Object({ peer_id: Id, ae_title: Type.String() })) }),
});
export const listForwardsOfStudy = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid/forwards',
  summary: 'Where the study was sent and how far that is, the latest first',
  permission: 'study:write',
  params: Type.Object({ study_instance_uid: Uid }),
  response: Type.Object({ items: Type.Array(Forward) }),
});
export const getForward = endpoint({
  method: 'GET',
  path: '/api/v1/forwards/:id',
  summary: 'How far a forward is',
  permission: 'peer:read',
  params: forwardParams,
  response: Forward,
});
export const retryForward = endpoint({
  method: 'POST',
  path: '/api/v1/forwards/:id/retry',
  summary: 'Tries at once what waits, failed or was cancelled',
  permission: 'study:write',
  params: forwardParams,
  response: Forward,
  status: 202,
  audit: 'forward',
});
export const cancelForward = endpoint({
  method: 'POST',
  path: '/api/v1/forwards/:id/cancel',
  summary: 'Stops a forward; what has been sent stays sent',
  permission: 'study:write',
  params: forwardParams,
  response: Forward,
  audit: 'forward',
});

/** A storage commitment transaction (PS3.4 annex J): `scp` that a peer asked us for, `scu` that we asked a peer for. */
export const Commitment = Type.Object({
  id: Id,
  role: Type.Enum(['scp', 'scu']),
  transaction_uid: Uid,
  ae_title: Type.String(),
  forward_id: Nullable(Id),
  status: Type.Enum(['waiting', 'requested', 'reported', 'committed', 'failed']),
  item_count: Type.Integer(),
  /** Objects that were not committed, with the failure reason of PS3.3 C.14.1.1; 0 where the peer gave none. */
  failures: Type.Array(Type.Object({ sop_class_uid: Type.String(), sop_instance_uid: Type.String(), reason: Type.Integer() })),
  attempts: Type.Integer(),
  last_error: Nullable(Type.String()),
  created_at: Instant,
  finished_at: Nullable(Instant),
});
export type Commitment = Static<typeof Commitment>;

export const listCommitments = endpoint({
  method: 'GET',
  path: '/api/v1/commitments',
  summary: 'Storage commitment, asked of us and by us, the latest first',
  permission: 'peer:read',
  query: Type.Object({ ...PageQuery }),
  response: Page(Commitment),
});
