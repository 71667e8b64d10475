import { Value } from 'typebox/value';
import { ReadingPreferences } from '../../contract/reading-list.ts';
import type { Db } from '../platform/ports.ts';
import { findPreferences, putPreferences } from './repository.ts';

/** How a person wants the list; what an earlier version wrote and does not fit is left out. */
export async function readPreferences(db: Db, userId: string): Promise<ReadingPreferences> {
  const text = await findPreferences(db, userId);
  const stored: unknown = text === undefined ? undefined : JSON.parse(text);
  return Value.Check(ReadingPreferences, stored) ? stored : { views: [] };
}

export async function writePreferences({ db }: { db: Db }, userId: string, preferences: ReadingPreferences): Promise<ReadingPreferences> {
  await db.transaction().execute((tx) => putPreferences(tx, userId, JSON.stringify(preferences)));
  return preferences;
}
