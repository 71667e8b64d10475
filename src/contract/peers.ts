import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Uid } from './fields.ts';

/** Application entity title (PS3.5 6.2, AE): at most 16 characters of ASCII, no backslash, no space at the ends. */
export const AeTitle = Type.String({ pattern: '^[!-\\[\\]-~]([ -\\[\\]-~]{0,14}[!-\\[\\]-~])?$' });
const Host = Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9_.:-]+$' });

const Address = {
  ae_title: AeTitle,
  host: Host,
  port: Type.Integer({ minimum: 1, maximum: 65535 }),
};
const Rights = {
  /** Whether associations to it are made over TLS. */
  tls: Type.Boolean(),
  may_store: Type.Boolean(),
  may_query: Type.Boolean(),
  may_retrieve: Type.Boolean(),
};

/** An application that may associate over DIMSE, what it may do here, and where it listens itself. */
export const Peer = Type.Object({ id: Id, ...Address, ...Rights, created_at: Instant });
export type Peer = Static<typeof Peer>;
export const NewPeer = Type.Object({
  ...Address,
  tls: Type.Optional(Type.Boolean({ default: false })),
  may_store: Type.Optional(Type.Boolean({ default: true })),
  may_query: Type.Optional(Type.Boolean({ default: true })),
  may_retrieve: Type.Optional(Type.Boolean({ default: true })),
});
export type NewPeer = Static<typeof NewPeer>;
/** The title stays: forwards and the audit trail name it. */
export const PeerChange = Type.Partial(Type.Object({ host: Host, port: Address.port, ...Rights }), { additionalProperties: false });
export type PeerChange = Static<typeof PeerChange>;

export const listPeers = endpoint({
  method: 'GET',
  path: '/api/v1/peers',
  summary: 'DICOM applications that may associate',
  permission: 'peer:read',
  response: Type.Object({ items: Type.Array(Peer) }),
});
export const addPeer = endpoint({
  method: 'POST',
  path: '/api/v1/peers',
  summary: 'Makes an application known',
  permission: 'peer:write',
  body: NewPeer,
  response: Peer,
  status: 201,
});
export const changePeer = endpoint({
  method: 'PATCH',
  path: '/api/v1/peers/:id',
  summary: 'Changes where an application listens and what it may do; associations that are open stay as they are',
  permission: 'peer:write',
  params: Type.Object({ id: Id }),
  body: PeerChange,
  response: Peer,
});
export const removePeer = endpoint({
  method: 'DELETE',
  path: '/api/v1/peers/:id',
  summary: 'Forgets an application; associations that are open stay open',
  permission: 'peer:write',
  params: Type.Object({ id: Id }),
  response: Type.Object({}),
});
export const echoPeer = endpoint({
  method: 'POST',
  path: '/api/v1/peers/:id/echo',
  summary: 'Asks the application for a sign of life (C-ECHO)',
  permission: 'peer:write',
  params: Type.Object({ id: Id }),
  response: Type.Object({ ok: Type.Boolean(), detail: Type.String(), duration_ms: Type.Number() }),
});

/** Answers of an application, as DICOM JSON (PS3.18 annex F). `ok` is false where it could not be asked; `detail` says why. */
export const PeerAnswers = Type.Object({
  ok: Type.Boolean(),
  detail: Type.String(),
  items: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  /** False where there are more than `limit`. */
  is_complete: Type.Boolean(),
});
export type PeerAnswers = Static<typeof PeerAnswers>;

export const PeerQuery = Type.Object({
  level: Type.Enum(['PATIENT', 'STUDY', 'SERIES', 'IMAGE', 'WORKLIST']),
  /**
   * Keys by keyword or tag (8 hex digits), with points into sequences (`ScheduledProcedureStepSequence.Modality`); an empty value asks for the
   * attribute.
   */
  keys: Type.Record(Type.String({ maxLength: 256 }), Type.String({ maxLength: 1_024 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 500 })),
});
export type PeerQuery = Static<typeof PeerQuery>;

export const queryPeer = endpoint({
  method: 'POST',
  path: '/api/v1/peers/:id/query',
  summary: 'Asks the application what it has, or what is scheduled (C-FIND)',
  permission: 'study:write',
  params: Type.Object({ id: Id }),
  body: PeerQuery,
  response: PeerAnswers,
  audit: 'find',
});

/** What was fetched; objects that came are stored and analyzed as any others. */
export const PeerRetrieval = Type.Object({
  ok: Type.Boolean(),
  detail: Type.String(),
  completed: Type.Integer(),
  failed: Type.Integer(),
  warning: Type.Integer(),
});
export type PeerRetrieval = Static<typeof PeerRetrieval>;

export const PeerRetrieve = Type.Object({
  study_instance_uid: Uid,
  series_instance_uid: Type.Optional(Uid),
  sop_instance_uid: Type.Optional(Uid),
  /** `move`: the application associates with us, and has to know our title and address; `get`: over the association of the request. */
  method: Type.Optional(Type.Enum(['move', 'get'], { default: 'move' })),
});
export type PeerRetrieve = Static<typeof PeerRetrieve>;

export const retrieveFromPeer = endpoint({
  method: 'POST',
  path: '/api/v1/peers/:id/retrieve',
  summary: 'Fetches a study, a series or an instance from the application (C-MOVE to us, or C-GET); answers when it is done',
  permission: 'study:write',
  params: Type.Object({ id: Id }),
  body: PeerRetrieve,
  response: PeerRetrieval,
  audit: 'retrieve',
});

/** How this server is known to other applications. */
export const DicomNode = Type.Object({ ae_title: Type.String(), port: Type.Integer(), open_to_unknown: Type.Boolean() });
export const getDicomNode = endpoint({
  method: 'GET',
  path: '/api/v1/dicom-node',
  summary: 'Own application entity title and port, and whether applications that nobody listed may store',
  permission: 'peer:read',
  response: DicomNode,
});
export const setDicomNode = endpoint({
  method: 'PUT',
  path: '/api/v1/dicom-node',
  summary: 'Opens or closes the door for applications that nobody listed: open, they may verify and store, never query or retrieve',
  permission: 'peer:write',
  body: Type.Object({ open_to_unknown: Type.Boolean() }),
  response: DicomNode,
});
