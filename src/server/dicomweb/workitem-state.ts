import { AppError } from '../platform/errors.ts';
import type { WorkitemRow } from './workitem-repository.ts';

export type WorkitemState = WorkitemRow['state'];
/** `done`: it is in that state already. */
export type Transition = 'change' | 'done';

/** Who performs what the analysis of this server claims. */
export const ANALYSIS_PERFORMER = 'analysis';

export const isFinal = (state: WorkitemState): boolean => state === 'COMPLETED' || state === 'CANCELED';

/**
 * Whether a workitem may go into a state (PS3.4 table CC.1.1-2); the refusals are the standard's own words for its status codes.
 *
 * @param transaction the UID under which the change is asked for
 * @throws {AppError} `wrong-state`
 */
export function transitionOf(
  { state, transaction_uid }: Pick<WorkitemRow, 'state' | 'transaction_uid'>,
  wanted: WorkitemState,
  transaction: string | undefined,
): Transition {
  if (transaction === undefined || transaction === '') throw refused('The Transaction UID is missing');
  if (wanted === 'SCHEDULED') throw refused('The submitted request is inconsistent: a workitem becomes SCHEDULED only by its creation');
  if (isFinal(state)) {
    if (state === wanted) return 'done';
    throw refused('The UPS may no longer be updated');
  }
  if (state === 'SCHEDULED') {
    if (wanted === 'IN PROGRESS') return 'change';
    throw refused("The UPS is not yet in the 'IN PROGRESS' state");
  }
  if (wanted === 'IN PROGRESS') throw refused('The UPS is already IN PROGRESS');
  if (transaction !== transaction_uid) throw refused('The Transaction UID is incorrect');
  return 'change';
}

/**
 * Whether attributes may change: by anybody before a workitem is claimed, by its performer afterwards.
 *
 * @throws {AppError} `wrong-state`
 */
export function requireUpdatable(
  { state, transaction_uid }: Pick<WorkitemRow, 'state' | 'transaction_uid'>,
  transaction: string | undefined,
): void {
  if (isFinal(state)) throw refused('The UPS may no longer be updated');
  if (state === 'IN PROGRESS' && transaction !== transaction_uid)
    throw refused(transaction ? 'The Transaction UID is incorrect' : 'The Transaction UID is missing');
}

/** @throws {AppError} `wrong-state` */
export function refused(reason: string): AppError {
  return new AppError('wrong-state', reason);
}
