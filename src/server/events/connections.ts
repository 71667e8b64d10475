import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Gate } from './gate.ts';
import type { LiveClient } from './live-client.ts';
import { sightOf } from './sight.ts';

/** Of one account or key, and of all: what they hold in memory is bounded. */
const MOST_OF_ONE = 2_000;
const MOST = 20_000;
/** Not all connections are looked at in one moment. */
const PARTS = 10;

export type Connection = {
  client: LiveClient;
  principal: Principal;
  /** Who it is now; undefined if nobody any more. */
  authenticate(): Promise<Principal | undefined>;
  /** Asks for a sign of life; false if the last one was not answered. */
  probe(): boolean;
  close(code: number, reason: string): void;
  /** Ends it at once. */
  drop(): void;
};
export type Connections = {
  /** @throws {AppError} `too-many-requests` */
  requireRoom(principal: Principal): void;
  /** @returns what to call when it has ended */
  add(connection: Connection): () => void;
  /** Looks at those of an account, key or link of a tenant, or at all of the tenant, at once. */
  lookAgain(tenantId: string, whose: ReadonlySet<string> | 'everybody'): Promise<void>;
  close(): void;
};

/** `gate`: through which connections are looked at by the heartbeat. */
type ConnectionsDeps = { heartbeatMs: number; gate: Gate; onError: (error: unknown) => void };

/** RFC 6455 7.4; 4000 and above are the application's own. */
const SESSION_ENDED = 4401;
const GOING_AWAY = 1001;

/**
 * The live connections of this process. Each is looked at once in `heartbeatMs`: whoever does not answer is dropped, whoever's session has ended is
 * closed, and whoever's rights have changed sees from then on what they say. What ends or changes by an act is told by an event (`lookAgain`); the heartbeat
 * finds what ends by time, and what the event came too early for.
 */
export function openConnections({ heartbeatMs, gate, onError }: ConnectionsDeps): Connections {
  const all = new Map<Connection, number>();
  const counts = new Map<string, number>();
  let part = 0;
  let added = 0;
  const beat = setInterval(() => {
    part = (part + 1) % PARTS;
    for (const [connection, own] of all) if (own === part) void look(connection, gate).catch(onError);
  }, heartbeatMs / PARTS).unref();

  return {
    requireRoom: (principal) => {
      if (all.size >= MOST || (counts.get(nameOf(principal)) ?? 0) >= MOST_OF_ONE)
        throw new AppError('too-many-requests', 'Too many live connections; close some of them');
    },
    add: (connection) => {
      const name = nameOf(connection.principal);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      all.set(connection, added++ % PARTS);
      return () => {
        if (!all.delete(connection)) return;
        connection.client.close();
        const left = (counts.get(name) ?? 1) - 1;
        if (left === 0) counts.delete(name);
        else counts.set(name, left);
      };
    },
    lookAgain: async (tenantId, whose) => {
      const concerned = [...all.keys()].filter(
        ({ principal }) => principal.tenant_id === tenantId && (whose === 'everybody' || whose.has(principal.id)),
      );
      await Promise.all(concerned.map((connection) => checkAccess(connection).catch(onError)));
    },
    close: () => {
      clearInterval(beat);
      for (const connection of all.keys()) connection.close(GOING_AWAY, 'The server is stopping');
    },
  };
}

async function look(connection: Connection, gate: Gate): Promise<void> {
  if (!connection.probe()) return connection.drop();
  await gate(() => checkAccess(connection));
}

async function checkAccess(connection: Connection): Promise<void> {
  const principal = await connection.authenticate();
  if (!principal || nameOf(principal) !== nameOf(connection.principal)) {
    // Nothing is told any more, whether or not the other side takes note.
    connection.client.close();
    connection.close(SESSION_ENDED, 'The session has ended');
    return;
  }
  connection.client.look(sightOf(principal));
}

function nameOf({ tenant_id, kind, id }: Principal): string {
  return `${tenant_id} ${kind} ${id}`;
}
