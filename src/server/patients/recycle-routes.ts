import type { FastifyInstance } from 'fastify';
import { deletePatient, deleteStudy, listRecycled, purgeRecycled, restoreRecycled } from '../../contract/recycle-bin.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import {
  purgeRecycled as purge,
  type RecycleDeps,
  recycledItem,
  recyclePatient,
  recycleStudy,
  restoreRecycled as restore,
} from './recycle.ts';
import { findRecycled, listRecycled as listRows } from './recycle-repository.ts';

const PAGE = 50;

export function recycleRoutes(http: FastifyInstance, deps: Omit<RecycleDeps, keyof Scope>): void {
  serve(http, deleteStudy, async ({ params, scope, principal }) =>
    recycleStudy({ ...deps, ...scope }, params.study_instance_uid, principal.user_id),
  );
  serve(http, deletePatient, async ({ params, scope, principal }) =>
    recyclePatient({ ...deps, ...scope }, params.patient_key, principal.user_id),
  );
  serve(http, listRecycled, async ({ query, scope }) => {
    const limit = query.limit ?? PAGE;
    const before = query.cursor === undefined ? undefined : await findRecycled(scope.db, query.cursor);
    const rows = await listRows(scope.db, { before, limit: limit + 1 });
    const items = rows.slice(0, limit).map(recycledItem);
    return { items, next_cursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  });
  serve(http, restoreRecycled, async ({ params, scope }) => ({
    study_instance_uids: await restore({ ...deps, ...scope }, params.id),
  }));
  serve(http, purgeRecycled, async ({ params, scope }) => {
    await purge({ ...deps, ...scope }, params.id);
    return {};
  });
}
