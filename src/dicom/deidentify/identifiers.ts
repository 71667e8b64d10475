import type { DeidentificationOptions } from '../../contract/deidentification.ts';
import { type Attribute, type DataSet, itemsOf, type PersonName } from '../data-set.ts';
import { entryOf } from '../dictionary.ts';
import { daysIn, shiftDate } from './dates.ts';
import { DUMMY_DATE } from './dummy-values.ts';
import { foldText, squeezeText } from './normalize-text.ts';
import { chosenOptions, decide, type ProfileRow, profileRowOf } from './profile.ts';
import { isSafeWord } from './safe-words.ts';

/**
 * What an object says of persons, places and devices that its de-identified copy must not say, folded for comparing (`foldText`).
 * `words`: parts of names of persons, and distinctive words of places; `phrases`: whole names, addresses and IDs; `numbers`: phone
 * numbers, digits only; `days`: "YYYYMMDD".
 */
export type Identifiers = { words: Set<string>; phrases: Set<string>; numbers: Set<string>; days: Set<string>; uids: Set<string> };

/** Kinds of what the table protects; what is not one of them (descriptions, weights, times of day) is not searched for. */
export type IdentifierKind = 'name' | 'id' | 'place' | 'phone' | 'date' | 'uid';

/** Shorter parts of names are in too many other words. Ideographs say more: see `addName`. */
const SHORTEST_NAME_PART = 3;
/** Shorter IDs are numbers like any other. */
const SHORTEST_ID = 4;
const SHORTEST_PLACE_WORD = 5;
const SHORTEST_PHONE = 7;

/** What IDs and names hold where nothing is known. */
const NOTHING = /^(?:0+|x+|na|n\/a|none|unknown|unk|null|test|anon(?:ymous|ymized|ymised)?|not specified|no name|dummy|default)$/;
/** Words of addresses and institutions that name none. */
const PLACE_WORDS = new Set(
  `hospital hospitals clinic clinics clinical center centre medical medicine health healthcare imaging radiology university universitat
  universite universidad college school institute institut department street strasse avenue road drive lane boulevard suite floor building
  north south east west saint sankt santa general regional national international county city state memorial community private public
  praxis klinik klinikum krankenhaus hopital centro ospedale diagnostic diagnostics services service group research foundation laboratory
  association united states america germany hospitalier sanitary`.split(/\s+/),
);

/** Every identifier in the object, at any depth, that the chosen options do not retain. */
export function identifiersOf(dataSet: DataSet, options: DeidentificationOptions, shiftDays: number): Identifiers {
  const identifiers: Identifiers = { words: new Set(), phrases: new Set(), numbers: new Set(), days: new Set(), uids: new Set() };
  collect(dataSet, chosenOptions(options), identifiers);
  if (options.dates === 'keep') identifiers.days.clear();
  // (0040,A124) is replaced even then, but what it names may stay elsewhere.
  if (options.retain_uids) identifiers.uids.clear();
  identifiers.days.delete(DUMMY_DATE);
  // A shifted date may be another date of the input: then it is no sign that the other one has stayed.
  const shifted = options.dates === 'modify' ? [...identifiers.days].map((day) => shiftDate(day, shiftDays)) : [];
  for (const day of shifted) if (day !== undefined) identifiers.days.delete(day);
  return identifiers;
}

/** What kind of identifier an attribute of the table holds; undefined if none that is searched for. */
export function identifierKindOf(row: ProfileRow, vr: string): IdentifierKind | undefined {
  const { name } = row;
  if (vr === 'PN') return 'name';
  if (vr === 'UI') return row.basic === 'U' ? 'uid' : undefined;
  if (vr === 'DA' || vr === 'DT') return 'date';
  if (vr === 'AE') return 'id';
  if (!['SH', 'LO', 'ST', 'LT', 'UT', 'UC'].includes(vr)) return undefined;
  if (/telephone|phone|telecom/i.test(name)) return 'phone';
  if (/address|residence|location/i.test(name)) return 'place';
  if (/institution|organization|site name|sponsor|center name|committee name|department|camera owner/i.test(name)) return 'place';
  if (
    /performer's name|topic author|order entered by|interpretation (author|recorder|transcriber)|current observer|verbal source/i.test(name)
  )
    return 'name';
  if (/\bids?\b|identifier|identification|number|accession|barcode|locator|station name|network id|machine name|issuer/i.test(name))
    return 'id';
  return undefined;
}

/** Whether there is nothing to search for. */
export function isEmpty({ words, phrases, numbers, days, uids }: Identifiers): boolean {
  return words.size + phrases.size + numbers.size + days.size + uids.size === 0;
}

function collect(dataSet: DataSet, chosen: ReturnType<typeof chosenOptions>, identifiers: Identifiers): void {
  for (const [tag, attribute] of Object.entries(dataSet)) {
    for (const item of itemsOf(dataSet, tag)) collect(item, chosen, identifiers);
    const row = profileRowOf(tag);
    if (row?.tag === 'private') continue;
    if (row === undefined) {
      if (attribute.vr === 'PN') addNames(attribute, identifiers);
      continue;
    }
    if (decide(row, chosen).action === 'K') continue;
    const kind = identifierKindOf(row, entryOf(tag)?.vr ?? attribute.vr);
    if (kind !== undefined) add(kind, attribute, identifiers);
  }
}

function add(kind: IdentifierKind, attribute: Attribute, identifiers: Identifiers): void {
  if (kind === 'date') {
    for (const day of daysIn(attribute)) identifiers.days.add(day);
    return;
  }
  if (attribute.vr === 'PN') {
    addNames(attribute, identifiers);
    return;
  }
  for (const value of attribute.Value ?? []) {
    if (typeof value !== 'string' || value.trim() === '') continue;
    if (kind === 'uid') addUid(value.trim(), identifiers);
    else if (kind === 'name') addName(value, identifiers);
    else if (kind === 'phone') addPhone(value, identifiers);
    else if (kind === 'place') addPlace(value, identifiers);
    else addId(value, identifiers);
  }
}

function addUid(uid: string, { uids }: Identifiers): void {
  if (uid.length >= 8 && !uid.startsWith('1.2.840.10008.')) uids.add(uid);
}

function addNames({ Value = [] }: Attribute, identifiers: Identifiers): void {
  for (const value of Value) {
    if (value === null || typeof value !== 'object') continue;
    // The values of a PN are names by the definition of Attribute.
    for (const group of Object.values(value as PersonName)) if (typeof group === 'string') addName(group, identifiers);
  }
}

function addName(name: string, { words, phrases }: Identifiers): void {
  const folded = foldText(name).trim();
  if (NOTHING.test(folded.replaceAll('^', ' ').trim())) return;
  const parts = folded.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');
  for (const part of parts) {
    const letters = part.replace(/\P{L}/gu, '').length;
    const isIdeographic = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]+$/u.test(part);
    if ((letters >= SHORTEST_NAME_PART || (isIdeographic && part.length >= 2)) && !NOTHING.test(part)) words.add(part);
  }
  // Written together, as in user names: "doejohn", "johndoe".
  if (parts.length < 2) return;
  for (const order of [parts, [...parts].reverse(), parts.slice(0, 2), parts.slice(0, 2).reverse()]) {
    const joined = order.join('');
    if (joined.length >= 2 * SHORTEST_NAME_PART || /\p{sc=Han}/u.test(joined)) phrases.add(joined);
  }
}

function addId(id: string, { phrases }: Identifiers): void {
  const folded = foldText(id).trim();
  if (folded.length < SHORTEST_ID || NOTHING.test(folded)) return;
  // Without a digit it is a word: an issuer or a device may be named as what every report speaks of.
  if (!/\d/.test(folded) && (folded.length < SHORTEST_PLACE_WORD || isSafeWord(folded))) return;
  phrases.add(folded);
}

function addPhone(phone: string, { numbers, phrases }: Identifiers): void {
  const digits = phone.replace(/\D/g, '');
  if (digits.length >= SHORTEST_PHONE) numbers.add(digits);
  const folded = foldText(phone).trim();
  if (folded.includes('@')) phrases.add(folded);
}

function addPlace(place: string, { words, phrases }: Identifiers): void {
  const folded = foldText(place).replace(/\s+/g, ' ').trim();
  if (squeezeText(folded).length < SHORTEST_PLACE_WORD || NOTHING.test(folded) || isSafeWord(folded)) return;
  phrases.add(folded);
  for (const word of folded.split(/[^\p{L}\p{N}]+/u)) {
    if (word.length >= SHORTEST_PLACE_WORD && /\p{L}/u.test(word) && !PLACE_WORDS.has(word) && !isSafeWord(word)) words.add(word);
  }
}
