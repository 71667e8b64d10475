import type { DeidentificationOptions } from '../../contract/deidentification.ts';
import type { Action } from './attribute-types.ts';
import { looksIdentifying, saysIdentifier, type TextKind } from './find-identifiers.ts';
import type { Identifiers } from './identifiers.ts';
import type { ProfileOption } from './profile.ts';
import type { Mac } from './pseudonyms.ts';
import type { SafePrivate } from './safe-private.ts';

/**
 * One kind of change: `path` are tags from the root down, with points between, without item numbers; `count` is how often. Holds no value.
 * `option`: the option of E.3 that asked for it; `found`: an identifier stood in a text that the profile itself leaves alone.
 */
export type Change = { path: string; action: Action; count: number; option?: ProfileOption | 'found' };

/** Everything that the steps of one object share. */
export type Context = {
  options: DeidentificationOptions;
  chosen: ReadonlySet<ProfileOption>;
  mac: Mac;
  sopClassUid: string;
  identifiers: Identifiers;
  shiftDays: number;
  safePrivate: SafePrivate;
  safeWords: ReadonlySet<string>;
  /** Overlay groups ("6000") whose picture was looked at and holds no text. */
  cleanOverlays: ReadonlySet<string>;
  changes: Map<string, Change>;
  /** Texts that were found clean: objects repeat the same few words in thousands of items. */
  cleanTexts: Set<string>;
};

/** Where an attribute stands. `dummy`: inside of a sequence that is replaced as a whole. */
export type Standing = { path: string; atRoot: boolean; dummy: boolean };

export function note(context: Context, path: string, action: Action, option?: Change['option']): void {
  const key = `${path} ${action} ${option ?? ''}`;
  const known = context.changes.get(key);
  if (known !== undefined) known.count += 1;
  else context.changes.set(key, { path, action, count: 1, ...(option === undefined ? {} : { option }) });
}

/** Whether a text may stay as it is. Prose is also looked through for what reads like identifiers. */
export function isClean(context: Context, text: string, { kind, isProse }: { kind: TextKind; isProse: boolean }): boolean {
  const key = `${kind}${isProse ? '+' : '-'}${text}`;
  if (context.cleanTexts.has(key)) return true;
  if (saysIdentifier(text, context.identifiers, kind)) return false;
  if (isProse && looksIdentifying(text, { datesStay: context.options.dates === 'keep' })) return false;
  context.cleanTexts.add(key);
  return true;
}
