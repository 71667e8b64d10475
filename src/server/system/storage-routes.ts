import type { FastifyInstance } from 'fastify';
import { getStorage, measureStorage } from '../../contract/storage.ts';
import { mayDo } from '../platform/auth.ts';
import type { SystemDb } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import { readStorage } from './measure-storage.ts';

type Deps = { systemDb: SystemDb; config: { dataDir: string } };

export function storageRoutes(http: FastifyInstance, { systemDb, config }: Deps): void {
  serve(http, getStorage, async ({ scope, principal }) =>
    readStorage(scope.db, { dataDir: config.dataDir, systemDb: mayDo(principal, 'tenant:read') ? systemDb : undefined }),
  );
  serve(http, measureStorage, async ({ scope }) => {
    await scope.db.transaction().execute((tx) => scope.jobs.enqueue(tx, 'measure-storage', {}, { key: 'storage' }));
    return {};
  });
}
