import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/reading-list.ts';
import type { Cache } from '../cache/cache.ts';
import { serve } from '../platform/route.ts';
import { setTargets } from './age-list.ts';
import { assignStudy } from './assign-study.ts';
import { holdStudy, releaseStudy } from './hold-study.ts';
import { countReadings, listReadings, readReading, readViews } from './list-readings.ts';
import { readPreferences, writePreferences } from './preferences.ts';
import { listReaders } from './repository.ts';
import { setLevel } from './set-level.ts';
import { readSharedViews, shareView, unshareView } from './share-view.ts';
import { readTargets } from './targets.ts';

const MINUTE_MS = 60_000;

export function readingListRoutes(http: FastifyInstance, { cache, now }: { cache: Cache; now: () => Date }): void {
  serve(http, contract.listReadings, async ({ query, principal, scope }) => listReadings({ db: scope.db, now }, principal.id, query));
  serve(http, contract.countReadings, async ({ principal, scope }) => {
    // What is overdue changes with the time alone: it is told by the minute.
    const minute = new Date(Math.floor(now().getTime() / MINUTE_MS) * MINUTE_MS);
    const counted = await readViews(scope.db, principal.id);
    const asked = { name: 'reading-counts', key: [principal.id, minute, counted], keptMs: MINUTE_MS };
    return cache.view(asked, { db: scope }, ({ db }) => countReadings({ db, now: () => minute }, principal.id, counted));
  });
  serve(http, contract.listReaders, async ({ scope }) => ({ items: await listReaders(scope.db) }));
  serve(http, contract.getReading, async ({ params, scope }) => readReading({ db: scope.db, now }, params.study_instance_uid));
  serve(http, contract.assignReading, async ({ params, body, principal, scope }) => {
    const parts = { db: scope.db, now };
    await assignStudy(parts, principal, { uid: params.study_instance_uid, readerId: body.user_id });
    return readReading(parts, params.study_instance_uid);
  });
  serve(http, contract.lockReading, async ({ params, body, principal, scope }) =>
    holdStudy({ db: scope.db, now }, principal, { uid: params.study_instance_uid, takeOver: body.take_over ?? false }),
  );
  serve(http, contract.unlockReading, async ({ params, principal, scope }) => ({
    released: await releaseStudy({ db: scope.db, now }, principal, params.study_instance_uid),
  }));
  serve(http, contract.setReadingLevel, async ({ params, body, principal, scope }) => {
    const parts = { db: scope.db, now };
    await setLevel(parts, principal, { uid: params.study_instance_uid, level: body.level });
    return readReading(parts, params.study_instance_uid);
  });
  serve(http, contract.listSharedViews, async ({ principal, scope }) => ({ items: await readSharedViews(scope.db, principal.id) }));
  serve(http, contract.putSharedView, async ({ params, body, principal, scope }) =>
    shareView({ db: scope.db, now }, principal, { id: params.id, view: body }),
  );
  serve(http, contract.removeSharedView, async ({ params, principal, scope }) => ({
    removed: await unshareView({ db: scope.db }, principal, params.id),
  }));
  serve(http, contract.getReadingTargets, async ({ scope }) => readTargets(scope.db));
  serve(http, contract.putReadingTargets, async ({ body, scope }) => setTargets(scope, body));
  serve(http, contract.getReadingPreferences, async ({ principal, scope }) => readPreferences(scope.db, principal.id));
  serve(http, contract.putReadingPreferences, async ({ body, principal, scope }) => writePreferences(scope, principal.id, body));
}
