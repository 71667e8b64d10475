import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant } from './fields.ts';

/** Application entity title (PS3.5 6.2, AE): at most 16 characters of ASCII, no backslash, no space at the ends. */
const AeTitle = Type.String({ pattern: '^[!-\\[\\]-~]([ -\\[\\]-~]{0,14}[!-\\[\\]-~])?$' });
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
