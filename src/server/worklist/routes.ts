import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/worklist.ts';
import { serve } from '../platform/route.ts';
import { changeOrder, getOrder, orderOf, readOrders, removeOrder, scheduleOrder } from './manage-orders.ts';
import { findOrder } from './order-repository.ts';
import { findPerformed } from './performed-repository.ts';
import { readPerformed } from './record-performed.ts';

const PAGE_SIZE = 50;

export function worklistRoutes(http: FastifyInstance, deps: { now: () => Date }): void {
  serve(http, contract.listOrders, async ({ query, scope }) => {
    const { limit = PAGE_SIZE, cursor, status, from, until, modality, patient_id: patientId } = query;
    const after = cursor === undefined ? undefined : await findOrder(scope.db, cursor);
    const rows = await readOrders(scope.db, {
      ...(status ? { statuses: [status] } : {}),
      ...(from ? { from } : {}),
      ...(until ? { until } : {}),
      ...(modality ? { modality } : {}),
      ...(patientId ? { patientId } : {}),
      after,
      limit: limit + 1,
    });
    return pageOf(rows, limit, ({ id }) => id);
  });
  serve(http, contract.createOrder, async ({ body, scope }) => scheduleOrder({ ...deps, ...scope }, body));
  serve(http, contract.getOrder, async ({ params, scope }) => orderOf(await getOrder(scope.db, params.id)));
  serve(http, contract.changeOrder, async ({ params, body, scope }) => changeOrder({ ...deps, ...scope }, params.id, body));
  serve(http, contract.removeOrder, async ({ params, scope }) => {
    await removeOrder({ ...deps, ...scope }, params.id);
    return {};
  });
  serve(http, contract.listPerformedSteps, async ({ query, scope }) => {
    const { limit = PAGE_SIZE, cursor, study_instance_uid: study, order_id: order } = query;
    const before = cursor === undefined ? undefined : await findPerformed(scope.db, cursor);
    const rows = await readPerformed(scope.db, { ...(study ? { study } : {}), ...(order ? { order } : {}), before, limit: limit + 1 });
    return pageOf(rows, limit, ({ sop_instance_uid }) => sop_instance_uid);
  });
}

/** One more than asked for tells whether there are more. */
function pageOf<T>(rows: T[], limit: number, cursorOf: (row: T) => string): { items: T[]; next_cursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last ? cursorOf(last) : null };
}
