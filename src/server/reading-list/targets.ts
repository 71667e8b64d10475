import { Value } from 'typebox/value';
import { ReadingTargets } from '../../contract/reading-list.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { DEFAULT_TARGETS } from './priority.ts';
import { findTargets } from './repository.ts';

/** The tenant's turnaround targets. What an earlier version wrote and does not fit is not half believed. */
export async function readTargets(db: Db | Tx): Promise<ReadingTargets> {
  const text = await findTargets(db);
  const stored: unknown = text === undefined ? undefined : JSON.parse(text);
  return Value.Check(ReadingTargets, stored) ? stored : DEFAULT_TARGETS;
}
