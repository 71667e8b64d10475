import { Value } from 'typebox/value';
import { type LevelTargets, ReadingTargets } from '../../contract/reading-list.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { DEFAULT_TARGETS } from './priority.ts';
import { findTargets } from './repository.ts';

/** Of what no modality has targets of its own for. */
export const OF_ALL = '';

/** The tenant's turnaround targets. What an earlier version wrote and does not fit is not half believed. */
export async function readTargets(db: Db | Tx): Promise<ReadingTargets> {
  const text = await findTargets(db);
  const stored: unknown = text === undefined ? undefined : JSON.parse(text);
  return Value.Check(ReadingTargets, stored) ? stored : DEFAULT_TARGETS;
}

/** Modalities with targets of their own, from the longest to the shortest: of a study with several the last holds. */
export function ownModalities({ modalities = {} }: ReadingTargets): string[] {
  const routine = (modality: string): number => modalities[modality]?.routine ?? 0;
  return Object.keys(modalities).toSorted((a, b) => routine(b) - routine(a) || (a < b ? -1 : 1));
}

/** The modality whose targets hold for a study with these; `OF_ALL` if none has its own. */
export function targetModalityOf(targets: ReadingTargets, modalities: readonly string[]): string {
  return ownModalities(targets).findLast((modality) => modalities.includes(modality)) ?? OF_ALL;
}

/** The targets that hold for studies of a `target_modality`; those of all once it has none of its own any more. */
export function targetsOf(targets: ReadingTargets, targetModality: string): LevelTargets {
  return targets.modalities?.[targetModality] ?? targets;
}
