import { Value } from 'typebox/value';
import type { Input } from '../../contract/endpoint.ts';
import { type putSharedView, SharedView } from '../../contract/reading-list.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { deleteView, listViews, putView, type ViewRow } from './view-repository.ts';

type ShareDeps = { db: Db; now: () => Date };

/** Of a tenant: each is counted whenever somebody looks at the list. */
const MOST_VIEWS = 30;

/** Views of the list that everybody of the tenant has; what an earlier version wrote and does not fit is left out. */
export async function readSharedViews(db: Db, userId: string): Promise<SharedView[]> {
  return (await listViews(db)).map((row) => viewOf(row, userId)).filter((view) => Value.Check(SharedView, view));
}

/** @throws {AppError} `wrong-state` for another's view, `invalid-request` when there are too many */
export async function shareView(
  { db, now }: ShareDeps,
  principal: Principal,
  { id, view }: { id: string; view: Input<typeof putSharedView>['body'] },
): Promise<SharedView> {
  return db.transaction().execute(async (tx) => {
    const views = await listViews(tx);
    const before = views.find((row) => row.id === id);
    if (before && before.owner_id !== principal.id) throw new AppError('wrong-state', 'Somebody else shares it: only who shares a view changes it');
    if (!before && views.length >= MOST_VIEWS) throw new AppError('invalid-request', `No more than ${MOST_VIEWS} views are shared`);
    // Words that were searched for may be a patient's name: they are not everybody's.
    const { q: _, ...filter } = view.filter;
    const content = JSON.stringify({ ...view, filter });
    await putView(tx, { id, owner_id: principal.id, content, created_at: now().toISOString() });
    return viewOf({ id, content, owner_id: principal.id, owner_name: principal.full_name }, principal.id);
  });
}

/** @returns whether it was shared, by this person */
export async function unshareView({ db }: { db: Db }, principal: Principal, id: string): Promise<boolean> {
  return db.transaction().execute((tx) => deleteView(tx, { id, ownerId: principal.id }));
}

function viewOf({ id, content, owner_id, owner_name }: ViewRow, userId: string): SharedView {
  // As `shareView` wrote it.
  const { name, filter, order } = JSON.parse(content) as Pick<SharedView, 'name' | 'filter' | 'order'>;
  return { id, name, filter, order, owner: { id: owner_id, full_name: owner_name }, is_own: owner_id === userId };
}
