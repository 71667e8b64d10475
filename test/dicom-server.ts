import { openTenant } from '../src/cli/open-tenant.ts';
import { openDicomListener } from '../src/server/dimse/listener.ts';
import { registerPeer } from '../src/server/dimse/manage-peers.ts';
import { findPeerByAeTitle } from '../src/server/dimse/queries.ts';

/** A DICOM node as a process of its own, to be killed: prints its port when it listens. The peer MODALITY may do everything. */
const deps = await openTenant();
const { config } = deps;
if (!(await findPeerByAeTitle(deps.db, 'MODALITY'))) await registerPeer(deps, { ae_title: 'MODALITY', host: '127.0.0.1', port: 1 });
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const { port } = await openDicomListener(deps, {
  host: '127.0.0.1',
  port: config.dicomPort,
  node: { aeTitle: config.aeTitle, privateClasses: config.privateSopClasses },
  log,
});
process.stdout.write(`listens on ${port}\n`);
