import type { FastifyInstance } from 'fastify';
import { type EncryptionState, getEncryption, rotateKey } from '../../contract/encryption.ts';
import type { SystemDb } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import { stateOfKeys } from './key-state.ts';
import type { Keyring } from './keyring.ts';

export type EncryptionDeps = { systemDb: SystemDb; keyring: Keyring; config: { encryption: boolean } };

export function encryptionRoutes(http: FastifyInstance, deps: EncryptionDeps): void {
  serve(http, getEncryption, async ({ scope }) => stateOf(deps, scope.tenant_id));
  serve(http, rotateKey, async ({ scope }) => {
    await deps.keyring.rotate(scope.tenant_id);
    await scope.db.transaction().execute((tx) => scope.jobs.enqueue(tx, 'reseal', {}, { key: 'reseal' }));
    return stateOf(deps, scope.tenant_id);
  });
}

async function stateOf({ systemDb, config }: EncryptionDeps, tenantId: string): Promise<EncryptionState> {
  return { files: config.encryption, keys: await stateOfKeys(systemDb, tenantId) };
}
