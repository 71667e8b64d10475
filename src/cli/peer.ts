import { parseArgs } from 'node:util';
import { Value } from 'typebox/value';
import { NewPeer } from '../contract/peers.ts';
import { forgetPeer, peerOf, registerPeer } from '../server/dimse/manage-peers.ts';
import { findPeerByAeTitle, listPeers } from '../server/dimse/queries.ts';
import { commandAct, recordAct } from './command-act.ts';
import { openTenant, TENANT_OPTION, type TenantDeps } from './open-tenant.ts';
import { echo, query, retrieve, send } from './peer-services.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = {
  ...TENANT_OPTION,
  tls: { type: 'boolean' },
  'no-store': { type: 'boolean' },
  'no-query': { type: 'boolean' },
  'no-retrieve': { type: 'boolean' },
} as const;

/**
 * `isocenter peer add AETITLE HOST PORT [--tls] [--no-store] [--no-query] [--no-retrieve] [--tenant ID]`, `peer list`, `peer remove AETITLE`: the DICOM
 * applications that may associate. `peer echo|query|retrieve|send AETITLE …` asks them: `peer-services.ts`. Beside a running server with an embedded database, use its API.
 */
export async function peerCommand(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [action, ...rest] = positionals;
  const act = action !== undefined && Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  const isFew = act !== undefined && rest.length < act.operands;
  if (!act || isFew || rest.length > (act.atMost ?? act.operands))
    throw new UsageError(
      'peer takes `add AETITLE HOST PORT`, `list`, `remove AETITLE`, `echo AETITLE`, `query AETITLE LEVEL [KEY=VALUE...]`, ' +
        '`retrieve AETITLE STUDY_UID [SERIES_UID [SOP_UID]]` or `send AETITLE STUDY_UID...`',
    );
  const deps = await openTenant(values.tenant);
  try {
    await act.run(deps, rest, values);
  } finally {
    await deps.close();
  }
}

type Flags = { tls?: boolean; 'no-store'?: boolean; 'no-query'?: boolean; 'no-retrieve'?: boolean };
/** `atMost` operands, where that is more than it needs. */
type Action = { operands: number; atMost?: number; run: (deps: TenantDeps, operands: string[], flags: Flags) => Promise<void> };

const ACTIONS: Record<string, Action> = {
  add: { operands: 3, run: add },
  list: { operands: 0, run: list },
  remove: { operands: 1, run: remove },
  echo: { operands: 1, run: echo },
  query: { operands: 2, atMost: 100, run: query },
  retrieve: { operands: 2, atMost: 4, run: retrieve },
  send: { operands: 2, atMost: 1_000, run: send },
};

async function add(deps: TenantDeps, [ae_title, host, port]: string[], flags: Flags): Promise<void> {
  const peer = {
    ae_title,
    host,
    port: Number(port),
    tls: flags.tls ?? false,
    may_store: !flags['no-store'],
    may_query: !flags['no-query'],
    may_retrieve: !flags['no-retrieve'],
  };
  if (!Value.Check(NewPeer, peer)) {
    const [first] = Value.Errors(NewPeer, peer);
    throw new UsageError(`${first?.instancePath.slice(1) ?? 'peer'}: ${first?.message ?? 'not valid'}`);
  }
  const { id } = await registerPeer(deps, peer);
  await recordAct(deps, commandAct(deps, 'peer add', 'admin'), { object: { type: 'peer', id }, details: { ae_title: peer.ae_title } });
  process.stdout.write(`added ${peer.ae_title} (${id})\n`);
}

async function list({ db }: TenantDeps): Promise<void> {
  for (const row of await listPeers(db)) {
    const { ae_title, host, port, tls, may_store, may_query, may_retrieve } = peerOf(row);
    const rights = [may_store && 'store', may_query && 'query', may_retrieve && 'retrieve'].filter(Boolean).join(',') || 'echo only';
    process.stdout.write(`${ae_title}\t${host}:${port}${tls ? ' (TLS)' : ''}\t${rights}\n`);
  }
}

async function remove(deps: TenantDeps, [aeTitle = '']: string[]): Promise<void> {
  const peer = await findPeerByAeTitle(deps.db, aeTitle);
  if (!peer) throw new UsageError(`There is no peer ${aeTitle}`);
  await forgetPeer(deps.db, peer.id);
  await recordAct(deps, commandAct(deps, 'peer remove', 'admin'), {
    object: { type: 'peer', id: peer.id },
    details: { ae_title: aeTitle },
  });
  process.stdout.write(`removed ${aeTitle}\n`);
}
