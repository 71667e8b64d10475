import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { entryOf } from '../platform/act.ts';
import type { AuditTrail } from '../platform/audit.ts';
import { newId } from '../platform/ids.ts';
import type { SystemDb } from '../platform/ports.ts';
import { DEFAULT_TENANT, type OpenScope, type Scope } from '../platform/scope.ts';
import { findTenantByAeTitle } from '../tenants/queries.ts';
import type { AnsweredContext, AssociateRequest } from './associate-items.ts';
import { Association } from './association.ts';
import { type Grants, type LocalNode, negotiate, REJECTIONS, type RejectionName, refusalOf } from './negotiate.ts';
import { openPeerAudit, peerAct } from './peer-audit.ts';
import { findPeerByAeTitle, isOpenToUnknown } from './queries.ts';
import { openRequestServer, type RequestServer, type ServeDeps } from './serve-requests.ts';
import type { DicomLog } from './session.ts';
import { TIMEOUTS, type Timeouts } from './timeouts.ts';

/** Associations at a time: of everybody, and of one calling title. */
export type Limits = { total: number; perPeer: number };
const LIMITS: Limits = { total: 64, perPeer: 16 };
/** What applications that nobody listed may do while the door is open to them: give, never take. */
const UNKNOWN: Grants = { may_store: true, may_query: false, may_retrieve: false };
/** Sockets besides the associations: those that have not said yet who they are. */
const EXTRA_SOCKETS = 64;

/** Longest that stopping waits for a request that is under way. */
const DISMISS_MS = 10_000;

export type ListenOptions = {
  host: string;
  /** 0 takes a free one; undefined where associations without TLS are not taken. */
  port: number | undefined;
  /** 0 takes a free one; used if there is a certificate. */
  tlsPort?: number;
  node: LocalNode;
  log: DicomLog;
  timeouts?: Timeouts;
  limits?: Limits;
};
export type DicomListener = {
  /** 0 where none is listened on. */
  port: number;
  tlsPort: number;
  /** Shows the present certificate of the transport from now on. */
  renew(): void;
  /** Takes no more associations, lets what is under way finish, and ends those that are open. */
  close(): Promise<void>;
};

/** What all associations share, and where a tenant's parts come from. Without `transport` there is no TLS. */
export type ListenDeps = Omit<ServeDeps, 'timeouts' | keyof Scope> & { systemDb: SystemDb; scope: OpenScope; audit: AuditTrail };
type Open = { socket: Socket; association: Association; callingAe: string; server: RequestServer | undefined };
type Place = { deps: ListenDeps & { timeouts: Timeouts }; node: LocalNode; log: DicomLog; limits: Limits; open: Set<Open> };

/** Listens for DIMSE associations (PS3.7, PS3.8). Who is not known by title is refused, unless an administrator opened the door. */
export async function openDicomListener(deps: ListenDeps, options: ListenOptions): Promise<DicomListener> {
  const { node, log, timeouts = TIMEOUTS, limits = LIMITS } = options;
  const place: Place = { deps: { ...deps, timeouts }, node, log, limits, open: new Set() };
  const plain = options.port === undefined ? undefined : createServer({ noDelay: true }, (socket) => receive(place, socket));
  const secure = openSecureServer(place);
  const servers = [plain, secure].filter((server) => server !== undefined);
  for (const server of servers) server.maxConnections = limits.total + EXTRA_SOCKETS;
  const close = async (): Promise<void> => {
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    await Promise.all([...closed, ...[...place.open].map(dismiss)]);
  };
  const listening = [listen(plain, options.host, options.port ?? 0), listen(secure, options.host, options.tlsPort ?? 0)];
  const [port = 0, tlsPort = 0] = await Promise.all(listening).catch(async (error: unknown) => {
    await Promise.allSettled(listening);
    await close();
    throw error;
  });
  const renew = (): void => {
    const present = deps.transport?.forServer();
    if (present) secure?.setSecureContext(present);
  };
  return { port, tlsPort, renew, close };
}

/** The same node behind TLS; who cannot, or has no certificate where one is asked for, does not come as far as an association. */
function openSecureServer(place: Place): ReturnType<typeof createTlsServer> | undefined {
  const { transport, timeouts } = place.deps;
  const options = transport?.forServer();
  if (!options) return undefined;
  const server = createTlsServer({ ...options, handshakeTimeout: timeouts.artimMs }, (socket) => receive(place, socket));
  server.on('connection', (socket: Socket) => socket.setNoDelay(true));
  server.on('tlsClientError', (error, socket) => {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
    refuse(place, { remoteAddress: socket.remoteAddress ?? '', reason: 'tls', details: { code } });
    socket.destroy();
  });
  return server;
}

/** Nobody knows yet who was refused, so it is in the trail of the tenant that is always there. */
function refuse({ deps, log }: Place, { remoteAddress, reason, details }: Refusal): void {
  log.warn({ remoteAddress, reason, ...details }, 'connection refused');
  const caller = { callingAe: '', peerId: undefined, remoteAddress, associationId: newId() };
  const entry = entryOf(peerAct(DEFAULT_TENANT, caller, 'associate', 'A-ASSOCIATE'), { outcome: 'refused', reason });
  deps.audit.note(DEFAULT_TENANT, { ...entry, details });
}

type Refusal = { remoteAddress: string; reason: string; details: { code: string } };

function listen(server: Server | undefined, host: string, port: number): Promise<number> {
  if (!server) return Promise.resolve(0);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function receive(place: Place, socket: Socket): void {
  const remoteAddress = socket.remoteAddress ?? '';
  const entry: Open = {
    socket,
    callingAe: '',
    server: undefined,
    association: new Association(socket, {
      side: 'acceptor',
      timeouts: place.deps.timeouts,
      events: {
        onAssociate: (request) => {
          answer(place, entry, { request, remoteAddress }).catch((error: unknown) => {
            place.log.error({ remoteAddress, error: error instanceof Error ? error.name : 'unknown' }, 'association failed');
            entry.association.reject(REJECTIONS['temporary-congestion']);
          });
        },
        onRequest: (message) => entry.server?.take(message),
        onClose: () => {
          entry.server?.cancelAll();
          if (entry.server) place.log.info({ remoteAddress, calling: entry.callingAe }, 'association ended');
          // It counts no more; but what was received whole may still be on its way to the disk.
          entry.server = undefined;
          void entry.association.settled().then(() => place.open.delete(entry));
        },
      },
    }),
  };
  place.open.add(entry);
}

/** Lets what is under way finish, within reason, and ends the association without waiting for the peer. */
async function dismiss({ socket, association, server }: Open): Promise<void> {
  server?.cancelAll();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DISMISS_MS);
  });
  await Promise.race([association.settled(), patience]);
  clearTimeout(timer);
  association.abort();
  socket.destroySoon();
}

async function answer(
  place: Place,
  entry: Open,
  { request, remoteAddress }: { request: AssociateRequest; remoteAddress: string },
): Promise<void> {
  const { deps, log } = place;
  const calling = printable(request.callingAe);
  const called = printable(request.calledAe);
  const caller = { callingAe: calling, peerId: undefined, remoteAddress, associationId: newId() };
  const decided = await admit(place, request);
  const admitted = typeof decided !== 'string' && isFull(place, calling) ? 'local-limit-exceeded' : decided;
  if (typeof admitted === 'string') {
    log.warn({ remoteAddress, calling, called, reason: admitted }, 'association refused');
    const tenantId = typeof decided === 'string' ? DEFAULT_TENANT : decided.scope.tenant_id;
    const refused = entryOf(peerAct(tenantId, caller, 'associate', 'A-ASSOCIATE'), { outcome: 'refused', reason: admitted });
    deps.audit.note(tenantId, { ...refused, details: { called } });
    entry.association.reject(REJECTIONS[admitted]);
    return;
  }
  const { scope, grants, peerId } = admitted;
  const node = { ...place.node, aeTitle: request.calledAe };
  const { answer: accept, accepted } = negotiate(request, grants, node);
  entry.callingAe = calling;
  const known = { ...caller, peerId };
  const audit = openPeerAudit(scope, known);
  const refused = accept.contexts.filter(({ result }) => result !== 0);
  if (refused.length > 0) log.warn({ remoteAddress, calling, refused: refused.map((one) => refusedAs(request, one)) }, 'contexts refused');
  scope.audit.note(scope.tenant_id, {
    ...entryOf(peerAct(scope.tenant_id, known, 'associate', 'A-ASSOCIATE')),
    details: { called, contexts: accepted.length, ...(refused.length > 0 ? { refused: refused.length } : {}) },
  });
  const session = { association: entry.association, callingAe: calling, peerId, grants, node, log, audit };
  entry.server = openRequestServer({ ...deps, ...scope }, session);
  log.info({ remoteAddress, calling, contexts: accepted.length, proposed: request.contexts.length }, 'association accepted');
  entry.association.accept(accept, accepted, request.user.maxPduLength);
}

/** The SOP class of a context, and why it was refused (PS3.8 table 9-18). */
function refusedAs({ contexts }: AssociateRequest, { id, result }: AnsweredContext): string {
  const reasons: Record<number, string> = { 1: 'not granted', 3: 'SOP class not supported', 4: 'transfer syntaxes not supported' };
  return `${printable(contexts.find((context) => context.id === id)?.abstractSyntax ?? '', 64)}: ${reasons[result] ?? result}`;
}

type Admitted = { scope: Scope; grants: Grants; peerId: string | undefined };

/** The tenant whose title was called, and what the caller may do there. */
async function admit({ deps, node }: Place, request: AssociateRequest): Promise<Admitted | RejectionName> {
  const refusal = refusalOf(request);
  if (refusal) return refusal;
  const tenantId = request.calledAe === node.aeTitle ? DEFAULT_TENANT : (await findTenantByAeTitle(deps.systemDb, request.calledAe))?.id;
  if (tenantId === undefined) return 'called-ae-title-not-recognized';
  const scope = await deps.scope(tenantId);
  const peer = await findPeerByAeTitle(scope.db, request.callingAe);
  if (!peer && !(await isOpenToUnknown(scope.db))) return 'calling-ae-title-not-recognized';
  if (!peer) return { scope, grants: UNKNOWN, peerId: undefined };
  const grants = { may_store: peer.may_store === 1, may_query: peer.may_query === 1, may_retrieve: peer.may_retrieve === 1 };
  return { scope, grants, peerId: peer.id };
}

function isFull({ limits, open }: Place, calling: string): boolean {
  const accepted = [...open].filter(({ server }) => server !== undefined);
  return accepted.length >= limits.total || accepted.filter(({ callingAe }) => callingAe === calling).length >= limits.perPeer;
}

/** A title, or a UID, as it may stand in a log. */
function printable(text: string, maxLength = 16): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, maxLength);
}
