import { parseArgs } from 'node:util';
import { Value } from 'typebox/value';
import { NewPeer } from '../contract/peers.ts';
import { readConfig } from '../server/config.ts';
import { type Deps, openDeps } from '../server/deps.ts';
import { forgetPeer, peerOf, registerPeer } from '../server/dimse/manage-peers.ts';
import { findPeerByAeTitle, listPeers } from '../server/dimse/queries.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = {
  tls: { type: 'boolean' },
  'no-store': { type: 'boolean' },
  'no-query': { type: 'boolean' },
  'no-retrieve': { type: 'boolean' },
} as const;

/**
 * `isocenter peer add AETITLE HOST PORT [--tls] [--no-store] [--no-query] [--no-retrieve]`, `peer list`, `peer remove AETITLE`: the DICOM
 * applications that may associate. Beside a running server with an embedded database, use its API.
 */
export async function peerCommand(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [action, ...rest] = positionals;
  const act = action !== undefined && Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!act || rest.length !== act.operands) throw new UsageError('peer takes `add AETITLE HOST PORT`, `list` or `remove AETITLE`');
  const deps = await openDeps(readConfig(process.env));
  try {
    await act.run(deps, rest, values);
  } finally {
    await deps.close();
  }
}

type Flags = { tls?: boolean; 'no-store'?: boolean; 'no-query'?: boolean; 'no-retrieve'?: boolean };
type Action = { operands: number; run: (deps: Deps, operands: string[], flags: Flags) => Promise<void> };

const ACTIONS: Record<string, Action> = {
  add: { operands: 3, run: add },
  list: { operands: 0, run: list },
  remove: { operands: 1, run: remove },
};

async function add(deps: Deps, [ae_title, host, port]: string[], flags: Flags): Promise<void> {
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
  process.stdout.write(`added ${peer.ae_title} (${id})\n`);
}

async function list({ db }: Deps): Promise<void> {
  for (const row of await listPeers(db)) {
    const { ae_title, host, port, tls, may_store, may_query, may_retrieve } = peerOf(row);
    const rights = [may_store && 'store', may_query && 'query', may_retrieve && 'retrieve'].filter(Boolean).join(',') || 'echo only';
    process.stdout.write(`${ae_title}\t${host}:${port}${tls ? ' (TLS)' : ''}\t${rights}\n`);
  }
}

async function remove({ db }: Deps, [aeTitle = '']: string[]): Promise<void> {
  const peer = await findPeerByAeTitle(db, aeTitle);
  if (!peer) throw new UsageError(`There is no peer ${aeTitle}`);
  await forgetPeer(db, peer.id);
  process.stdout.write(`removed ${aeTitle}\n`);
}
