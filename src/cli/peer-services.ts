import { Value } from 'typebox/value';
import { PeerQuery } from '../contract/peers.ts';
import { keywordOf } from '../dicom/dictionary.ts';
import { echoOnce } from '../server/dimse/client.ts';
import { findAt } from '../server/dimse/find-scu.ts';
import { forwardStudy } from '../server/dimse/forward-study.ts';
import { forwardOf, getForward, requestForward } from '../server/dimse/manage-forwards.ts';
import { ownTitle } from '../server/dimse/own-title.ts';
import { findPeerByAeTitle, type PeerRow } from '../server/dimse/queries.ts';
import { retrieveFrom } from '../server/dimse/retrieve-scu.ts';
import { acting, commandAct, recordAct } from './command-act.ts';
import type { TenantDeps } from './open-tenant.ts';
import { UsageError } from './usage-error.ts';

/** What is said on the way goes nowhere: the command prints its result. */
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** `peer echo AETITLE`: exit status 1 if the application does not answer. */
export async function echo(deps: TenantDeps, [aeTitle = '']: string[]): Promise<void> {
  const peer = await peerNamed(deps, aeTitle);
  const { ok, detail, duration_ms } = await echoOnce(peer, await callerOf(deps));
  finish(ok, `${aeTitle}: ${detail} (${duration_ms} ms)`);
}

/** `peer query AETITLE LEVEL [KEY=VALUE...]`: a line of JSON for each answer, by keyword. */
export async function query(deps: TenantDeps, [aeTitle = '', level = '', ...pairs]: string[]): Promise<void> {
  const peer = await peerNamed(deps, aeTitle);
  const asked = { level, keys: Object.fromEntries(pairs.map(keyAndValue)) };
  if (!Value.Check(PeerQuery, asked)) throw new UsageError('peer query takes AETITLE, PATIENT|STUDY|SERIES|IMAGE|WORKLIST and KEY=VALUE');
  const { ok, detail, items } = await findAt(peer, await callerOf(deps), asked);
  const object = { type: 'peer', id: peer.id };
  await recordAct(deps, commandAct(deps, 'peer query', 'find'), { object, details: { level, matches: items.length } });
  for (const item of items) process.stdout.write(`${JSON.stringify(byKeyword(item))}\n`);
  // Beside the answers, so that these can be read on by a program.
  process.stderr.write(`${items.length} answers from ${aeTitle}: ${detail}\n`);
  if (!ok) process.exitCode = 1;
}

/** `peer retrieve AETITLE STUDY_UID [SERIES_UID [SOP_UID]]`: over the association of the request, as nobody may be listening here. */
export async function retrieve(deps: TenantDeps, [aeTitle = '', study = '', series, instance]: string[]): Promise<void> {
  const peer = await peerNamed(deps, aeTitle);
  const node = { aeTitle: await ownTitle(deps, deps.tenant_id), privateClasses: deps.config.privateSopClasses };
  const act = commandAct(deps, 'peer retrieve', 'retrieve');
  const wanted = {
    study_instance_uid: study,
    ...(series ? { series_instance_uid: series } : {}),
    ...(instance ? { sop_instance_uid: instance } : {}),
    method: 'get' as const,
  };
  const { ok, detail, completed, failed } = await retrieveFrom({ ...deps, log: QUIET, node }, peer, wanted);
  await recordAct(deps, act, { object: { type: 'study', id: study }, details: { completed, failed } });
  finish(ok, `${completed} retrieved, ${failed} failed: ${detail}`);
}

/** `peer send AETITLE STUDY_UID...`: tried once, here and now; what is left is tried again by the server. */
export async function send(deps: TenantDeps, [aeTitle = '', ...studies]: string[]): Promise<void> {
  const peer = await peerNamed(deps, aeTitle);
  for (const study_instance_uid of studies) {
    const act = commandAct(deps, 'peer send', 'forward');
    const { id } = await requestForward(acting(deps, act), { requestedBy: 'command line' }, { study_instance_uid, peer_id: peer.id });
    await forwardStudy(deps, id);
    const { status, sent_count, total_count, last_error } = forwardOf(await getForward(deps.db, id));
    finish(status === 'sent', `${study_instance_uid}: ${sent_count} of ${total_count} sent${last_error ? `, ${last_error}` : ''}`);
  }
}

async function peerNamed({ db }: TenantDeps, aeTitle: string): Promise<PeerRow> {
  const peer = await findPeerByAeTitle(db, aeTitle);
  if (!peer) throw new UsageError(`There is no peer ${aeTitle}`);
  return peer;
}

async function callerOf(deps: TenantDeps): Promise<Parameters<typeof echoOnce>[1]> {
  return { callingAe: await ownTitle(deps, deps.tenant_id), transport: deps.transport };
}

function keyAndValue(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function byKeyword(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([tag, attribute]) => [keywordOf(tag) ?? tag, (attribute as { Value?: unknown }).Value ?? []]),
  );
}

function finish(ok: boolean, line: string): void {
  if (!ok) process.exitCode = 1;
  (ok ? process.stdout : process.stderr).write(`${line}\n`);
}
