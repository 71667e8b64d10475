import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';
import { PeerRetrieve } from './peers.ts';

const RetrievalStatus = Type.Enum(['waiting', 'running', 'done', 'failed', 'cancelled']);

/** A study, series or instance on its way from a peer. The counts are the peer's (PS3.7 9.1.4), as of its last response. */
export const Retrieval = Type.Object({
  id: Id,
  peer_id: Id,
  ae_title: Type.String(),
  study_instance_uid: Uid,
  series_instance_uid: Nullable(Uid),
  sop_instance_uid: Nullable(Uid),
  method: Type.Enum(['move', 'get']),
  status: RetrievalStatus,
  /** Null until the peer has said it. */
  remaining: Nullable(Type.Integer()),
  completed: Type.Integer(),
  failed: Type.Integer(),
  warning: Type.Integer(),
  /** How it ended, or why it did not come to its end. */
  detail: Nullable(Type.String()),
  requested_by: Type.String(),
  created_at: Instant,
  finished_at: Nullable(Instant),
});
export type Retrieval = Static<typeof Retrieval>;

export const NewRetrieval = Type.Object({ peer_id: Id, ...PeerRetrieve.properties });
export type NewRetrieval = Static<typeof NewRetrieval>;

const retrievalParams = Type.Object({ id: Id });

export const createRetrieval = endpoint({
  method: 'POST',
  path: '/api/v1/retrievals',
  summary: 'Fetches a study, a series or an instance from a peer in the background (C-MOVE to us, or C-GET), and tells how far it is',
  permission: 'study:write',
  body: NewRetrieval,
  response: Retrieval,
  status: 202,
  audit: 'retrieve',
});
export const listRetrievals = endpoint({
  method: 'GET',
  path: '/api/v1/retrievals',
  summary: 'What is fetched from peers and how far it is, the latest first',
  permission: 'peer:read',
  query: Type.Object({ ...PageQuery, peer_id: Type.Optional(Id) }),
  response: Page(Retrieval),
});
export const getRetrieval = endpoint({
  method: 'GET',
  path: '/api/v1/retrievals/:id',
  summary: 'How far a retrieval is',
  permission: 'peer:read',
  params: retrievalParams,
  response: Retrieval,
});
export const retryRetrieval = endpoint({
  method: 'POST',
  path: '/api/v1/retrievals/:id/retry',
  summary: 'Fetches anew what failed or was cancelled; what has come already is held',
  permission: 'study:write',
  params: retrievalParams,
  response: Retrieval,
  status: 202,
  audit: 'retrieve',
});
export const cancelRetrieval = endpoint({
  method: 'POST',
  path: '/api/v1/retrievals/:id/cancel',
  summary: 'Stops a retrieval; what has come stays',
  permission: 'study:write',
  params: retrievalParams,
  response: Retrieval,
  audit: 'retrieve',
});
