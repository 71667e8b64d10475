import type { DicomJson } from '../../dicom/dicom-json.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { matchesFilter } from '../studies/match-attribute.ts';
import type { Filter } from '../studies/search-filter.ts';
import { type Report, tellSubscribers, wakeChannels } from './workitem-events.ts';
import {
  deleteSubscribers,
  findSubscriber,
  findWorkitem,
  listWorkitems,
  listWorklistSubscribers,
  putSubscribers,
  type SubscriberRow,
  type WorkitemRow,
} from './workitem-repository.ts';
import { isFinal } from './workitem-state.ts';
import { FILTERED_WORKLIST, WORKLISTS } from './worklist-uids.ts';

export type SubscriptionDeps = { db: Db; now: () => Date };
export type Subscription = { uid: string; aeTitle: string; deletionLock: boolean; filters: readonly Filter[] };

/**
 * Subscribes to a workitem; or to every one that there is and that will be, be it only to those that match (PS3.4 CC.2.3). The subscriber
 * is told at once how each stands that is not finished.
 *
 * @throws {AppError} `not-found` if there is no such workitem
 */
export async function subscribe({ db, now }: SubscriptionDeps, { uid, aeTitle, deletionLock, filters }: Subscription): Promise<void> {
  const row = { ae_title: aeTitle, deletion_lock: deletionLock ? 1 : 0, filter: null, is_suspended: 0 };
  await db.transaction().execute(async (tx) => {
    const tell = async (item: WorkitemRow): Promise<void> => {
      const json = parseColumn<DicomJson>(item.attributes);
      const report: Report = { kind: 'state', json };
      if (!isFinal(item.state)) await tellSubscribers(tx, item.sop_instance_uid, { reports: [report], now: now(), to: [aeTitle] });
    };
    if (!WORKLISTS.has(uid)) {
      const item = await findWorkitem(tx, uid);
      if (!item) throw new AppError('not-found', `No workitem ${uid}`);
      await putSubscribers(tx, [{ ...row, workitem_uid: uid }]);
      return await tell(item);
    }
    const filter = uid === FILTERED_WORKLIST ? JSON.stringify(filters) : null;
    await putSubscribers(tx, [{ ...row, workitem_uid: uid, filter }]);
    for await (const page of pagesOf(tx)) {
      const matching = page.filter(({ attributes }) => matches(filter, parseColumn<DicomJson>(attributes)));
      await putSubscribers(
        tx,
        matching.map(({ sop_instance_uid }) => ({ ...row, workitem_uid: sop_instance_uid })),
      );
      for (const item of matching) await tell(item);
    }
  });
  wakeChannels();
}

/** Subscribes everybody to a new workitem who listens to the worklist that it is in. */
export async function subscribersOfNew(tx: Tx, uid: string, json: DicomJson): Promise<void> {
  const rows = new Map<string, SubscriberRow>();
  for (const subscriber of await listWorklistSubscribers(tx)) {
    if (!matches(subscriber.filter, json)) continue;
    const known = rows.get(subscriber.ae_title);
    const deletion_lock = Math.max(known?.deletion_lock ?? 0, subscriber.deletion_lock);
    rows.set(subscriber.ae_title, { ...subscriber, workitem_uid: uid, filter: null, deletion_lock });
  }
  await putSubscribers(tx, [...rows.values()]);
}

/** Ends a subscription, and with it the lock; of a worklist, every subscription of the application. */
export async function unsubscribe({ db }: SubscriptionDeps, place: { uid: string; aeTitle: string }): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (!WORKLISTS.has(place.uid) && !(await findWorkitem(tx, place.uid))) throw new AppError('not-found', `No workitem ${place.uid}`);
    await deleteSubscribers(tx, place);
  });
}

/**
 * Leaves the subscriptions that there are, and makes no more.
 *
 * @throws {AppError} `invalid-request` for what is no worklist, `not-found` if the application does not subscribe to it
 */
export async function suspend({ db }: SubscriptionDeps, place: { uid: string; aeTitle: string }): Promise<void> {
  if (!WORKLISTS.has(place.uid)) throw new AppError('invalid-request', 'Only the subscription to a worklist can be suspended');
  await db.transaction().execute(async (tx) => {
    const row = await findSubscriber(tx, place);
    if (!row) throw new AppError('not-found', 'There is no such subscription to a worklist');
    await putSubscribers(tx, [{ ...row, is_suspended: 1 }]);
  });
}

async function* pagesOf(tx: Tx): AsyncGenerator<WorkitemRow[]> {
  let after: WorkitemRow | undefined;
  for (;;) {
    const page = await listWorkitems(tx, { after });
    if (page.length === 0) return;
    yield page;
    after = page.at(-1);
  }
}

function matches(filter: string | null, json: DicomJson): boolean {
  return filter === null || parseColumn<Filter[]>(filter).every((one) => matchesFilter(json, one));
}
