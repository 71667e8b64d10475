import { type Attribute, type DataSet, itemsOf, textOf, type Vr } from '../data-set.ts';
import { isPrivate } from '../dictionary.ts';
import { tagsInOrder } from '../tags.ts';
import { type Action, resolveAction } from './attribute-types.ts';
import { cleanText } from './clean-text.ts';
import { type Context, isClean, note, type Standing } from './context.ts';
import { daysIn, isTimezoneOffset, shiftDates } from './dates.ts';
import { dummyOf } from './dummy-values.ts';
import { isNumberedId } from './find-identifiers.ts';
import { decide, type ProfileOption } from './profile.ts';
import { pseudonymDevice, pseudonymUid } from './pseudonyms.ts';
import { isStandardScheme, ruleOf } from './rules.ts';
import { keptPrivate } from './safe-private.ts';

const CODE_VALUES = ['00080100', '00080119', '00080120'];
const CODING_SCHEME_DESIGNATOR = '00080102';
const CODE_MEANING = '00080104';
const TIMEZONE_OFFSET = '00080201';
const CONCEPT_NAME = '0040A043';
/** PS3.16 codes of content items that say who the patient is: name, ID, birth date; and sex, age, size, weight as characteristics. */
const SUBJECT_CODES = new Set(['121028', '121029', '121030', '121031', '121022', '121036']);
const CHARACTERISTIC_CODES = new Set(['121032', '121033']);

/** Template, and numbers of frames, segments and content items that references point at: what the structure of a document is made of. */
const STRUCTURAL = new Set(['00081160', '0040DB00', '0040DB73', '0062000B']);

const TEXT_VRS: ReadonlySet<Vr> = new Set(['AE', 'AS', 'CS', 'DS', 'IS', 'LO', 'LT', 'SH', 'ST', 'UC', 'UR', 'UT']);
/** VRs that hold what people write; the rest holds codes, numbers and short names. */
const PROSE_VRS: ReadonlySet<Vr> = new Set(['LO', 'LT', 'ST', 'UC', 'UT']);

/** A data set or item with every attribute treated as the profile and the options say, at any depth. */
export function deidentifyItem(context: Context, dataSet: DataSet, standing: Standing): DataSet {
  const result: DataSet = {};
  const privates = context.options.retain_safe_private && !standing.dummy ? retainPrivate(context, dataSet, standing) : new Map();
  for (const tag of tagsInOrder(dataSet)) {
    const attribute = dataSet[tag];
    if (attribute === undefined) continue;
    const path = standing.path === '' ? tag : `${standing.path}.${tag}`;
    const treated = isPrivate(tag) ? privates.get(tag) : treat(context, attribute, { ...standing, path, tag });
    if (treated !== undefined) result[tag] = treated;
    else if (isPrivate(tag)) note(context, path, 'X');
  }
  return result;
}

/** `isAskedFor`: an option retains the attribute, so that a serial number is no reason to doubt it. */
type AttributePlace = Standing & { tag: string; isAskedFor?: boolean };

function treat(context: Context, attribute: Attribute, place: AttributePlace): Attribute | undefined {
  const { tag, path } = place;
  const row = ruleOf(tag, attribute.vr);
  if (place.dummy && row === undefined) return dummyInside(context, attribute, place);
  if (row === undefined) return keep(context, attribute, place);
  const { action, option } = decide(row, context.chosen);
  const basic = resolveAction(row.basic, tag, { sopClassUid: context.sopClassUid, atRoot: place.atRoot });
  // Inside of what is replaced as a whole, UIDs and dates may be retained, but nothing is worth cleaning.
  const isBasic = option === undefined || (place.dummy && action === 'C');
  const wanted = isBasic ? basic : (action as Action);
  if (wanted === 'K' && !isDateToKeep(context, attribute, option)) return act(context, basic, attribute, place);
  if (wanted === 'K') {
    note(context, path, 'K', option);
    return keep(context, attribute, { ...place, isAskedFor: true });
  }
  if (wanted === 'C') {
    const cleaned = clean(context, attribute, place, option);
    if (cleaned !== undefined) {
      note(context, path, 'C', option);
      return cleaned;
    }
  }
  return act(context, wanted === 'C' ? basic : wanted, attribute, place);
}

/** Dates and times that say something else are none; and a device that was calibrated on the day of the study would tell that day. */
function isDateToKeep(context: Context, attribute: Attribute, option: ProfileOption | undefined): boolean {
  if (!['DA', 'DT', 'TM'].includes(attribute.vr)) return true;
  const texts = names(attribute);
  if (texts.some((text) => !/^[\d.:+\- ]*$/.test(text))) return false;
  if (option === 'full_dates') return true;
  const saysDay = daysIn(attribute).some((day) => context.identifiers.days.has(day));
  return !saysDay && texts.every((text) => isClean(context, text, { kind: 'text', isProse: false }));
}

/** Removal, emptying and replacement. Attributes that were empty stay so: there is nothing in them to replace. */
function act(context: Context, action: Action, attribute: Attribute, place: AttributePlace): Attribute | undefined {
  const { vr } = attribute;
  if (action === 'X') {
    note(context, place.path, 'X');
    return undefined;
  }
  if (isEmpty(attribute)) return { vr };
  note(context, place.path, action);
  if (action === 'Z') return { vr };
  if (vr === 'SQ') return mapItems(context, attribute, { ...place, dummy: place.dummy || action === 'D' });
  if (action === 'U') return pseudonymUids(context, attribute);
  return dummyOf(place.tag, attribute);
}

/** What neither table nor rule speaks of, inside of a sequence that is replaced: structure stays, contents go. */
function dummyInside(context: Context, attribute: Attribute, place: AttributePlace): Attribute | undefined {
  const { vr } = attribute;
  if (vr === 'SQ') return mapItems(context, attribute, place);
  // Value types, relationships and class UIDs are what the structure is made of.
  if (vr === 'CS' || vr === 'UI' || STRUCTURAL.has(place.tag)) return keep(context, attribute, place);
  if (isEmpty(attribute)) return attribute;
  note(context, place.path, 'D');
  return dummyOf(place.tag, attribute);
}

/** Keeps the attribute, except for text that says an identifier of the object: of that, only what is proved clean stays. */
function keep(context: Context, attribute: Attribute, place: AttributePlace): Attribute | undefined {
  const { vr, Value = [] } = attribute;
  if (vr === 'SQ') return mapItems(context, attribute, place);
  if (Value.some((value) => isNumberedId(value, context.identifiers))) {
    note(context, place.path, 'D', 'found');
    return dummyOf(place.tag, attribute);
  }
  if (vr === 'UI' && names(attribute).some((uid) => context.identifiers.uids.has(uid))) {
    note(context, place.path, 'U', 'found');
    return pseudonymUids(context, attribute);
  }
  if (!TEXT_VRS.has(vr)) return attribute;
  const isCode = vr === 'CS' || CODE_VALUES.includes(place.tag);
  const judge = { kind: isCode ? 'code' : 'text', isProse: PROSE_VRS.has(vr) && place.isAskedFor !== true } as const;
  if (Value.every((value) => typeof value !== 'string' || isClean(context, value, judge))) return attribute;
  note(context, place.path, 'C', 'found');
  return cleanedTexts(context, attribute) ?? dummyOf(place.tag, attribute);
}

/** Action C; undefined where nothing of the attribute is proved clean, so that the Basic Profile's action takes its place. */
function clean(context: Context, attribute: Attribute, place: AttributePlace, option: ProfileOption | undefined): Attribute | undefined {
  const { vr } = attribute;
  if (isEmpty(attribute)) return { vr };
  if (option === 'modified_dates') return cleanDate(context, attribute, place.tag);
  if (place.tag.startsWith('50')) return undefined; // Nobody can look into a curve of 2004: it is never proved clean.
  if (place.tag.startsWith('60') && place.tag.endsWith('3000')) {
    return context.cleanOverlays.has(place.tag.slice(0, 4)) ? attribute : undefined;
  }
  if (vr === 'SQ') return cleanSequence(context, attribute, place, option);
  if (vr === 'AE' || option === 'device') return { vr, Value: names(attribute).map((name) => pseudonymDevice(context.mac, name)) };
  return cleanedTexts(context, attribute);
}

function cleanDate(context: Context, attribute: Attribute, tag: string): Attribute | undefined {
  if (tag === TIMEZONE_OFFSET) return isTimezoneOffset(attribute) ? attribute : undefined;
  return shiftDates(attribute, context.shiftDays);
}

function cleanedTexts(context: Context, attribute: Attribute): Attribute | undefined {
  const cleaned = names(attribute).map((text) => cleanText(text, context.identifiers, context.safeWords));
  const values = cleaned.flatMap((text) => (text === undefined ? [] : [text]));
  return values.length === 0 ? undefined : { vr: attribute.vr, Value: values };
}

function cleanSequence(
  context: Context,
  attribute: Attribute,
  place: AttributePlace,
  option: ProfileOption | undefined,
): Attribute | undefined {
  const items = itemsOf({ [place.tag]: attribute }, place.tag).filter((item) => {
    if (CODE_VALUES.some((tag) => item[tag] !== undefined)) return isCleanCode(context, item);
    return option !== 'structured' || !isSubjectItem(context, item);
  });
  if (items.length === 0) return undefined;
  return mapItems(context, { vr: 'SQ', Value: items }, place);
}

/** Codes of standards stay; local codes and meanings may be anything (E.1.1 note 7). */
function isCleanCode(context: Context, item: DataSet): boolean {
  if (!isStandardScheme(textOf(item, CODING_SCHEME_DESIGNATOR))) return false;
  return isClean(context, textOf(item, CODE_MEANING) ?? '', { kind: 'text', isProse: true });
}

/** Whether a content item says who the patient is. */
function isSubjectItem(context: Context, item: DataSet): boolean {
  const [concept = {}] = itemsOf(item, CONCEPT_NAME);
  const code = textOf(concept, '00080100') ?? '';
  if (textOf(concept, CODING_SCHEME_DESIGNATOR) !== 'DCM') return false;
  return SUBJECT_CODES.has(code) || (CHARACTERISTIC_CODES.has(code) && !context.options.retain_patient_characteristics);
}

function mapItems(context: Context, attribute: Attribute, place: AttributePlace): Attribute {
  const items = itemsOf({ [place.tag]: attribute }, place.tag);
  if (items.length === 0) return { vr: 'SQ' };
  const standing = { path: place.path, atRoot: false, dummy: place.dummy };
  return { vr: 'SQ', Value: items.map((item) => deidentifyItem(context, item, standing)) };
}

function pseudonymUids(context: Context, attribute: Attribute): Attribute {
  return { vr: 'UI', Value: names(attribute).map((uid) => pseudonymUid(context.mac, uid)) };
}

/** Private elements that are known to be safe, with the creators of their blocks; what says an identifier is not. */
function retainPrivate(context: Context, dataSet: DataSet, standing: Standing): Map<string, Attribute> {
  const kept = new Map<string, Attribute>();
  for (const { tag, creatorTag, attribute } of keptPrivate(dataSet, context.safePrivate)) {
    const place = { ...standing, tag, path: standing.path === '' ? tag : `${standing.path}.${tag}` };
    const isText = TEXT_VRS.has(attribute.vr);
    const texts = isText ? names(attribute) : [];
    if (attribute.vr === 'PN' || texts.some((text) => !isClean(context, text, { kind: 'text', isProse: true }))) continue;
    const creator = dataSet[creatorTag];
    if (creator === undefined) continue;
    kept.set(creatorTag, creator);
    kept.set(
      tag,
      attribute.vr === 'UI' && !context.options.retain_uids ? pseudonymUids(context, attribute) : keepPrivate(context, attribute, place),
    );
    note(context, place.path, 'K', 'private');
  }
  return kept;
}

function keepPrivate(context: Context, attribute: Attribute, place: AttributePlace): Attribute {
  return attribute.vr === 'SQ' ? mapItems(context, attribute, place) : attribute;
}

function isEmpty({ Value, bytes, fragments }: Attribute): boolean {
  return (Value === undefined || Value.length === 0) && (bytes === undefined || bytes.length === 0) && fragments === undefined;
}

/** Text values; of bytes of unknown VR, the text in them. */
function names({ vr, Value = [], bytes }: Attribute): string[] {
  if (vr === 'UN' && bytes !== undefined) return new TextDecoder('windows-1252').decode(bytes).replace(/\0+$/, '').split('\\');
  return Value.flatMap((value) => {
    if (typeof value === 'number' || typeof value === 'bigint') return [String(value)];
    return typeof value === 'string' ? [value] : [];
  });
}
