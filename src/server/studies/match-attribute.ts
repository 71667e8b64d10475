import type { Vr } from '../../dicom/data-set.ts';
import type { DicomJson, DicomJsonAttribute, DicomJsonValue } from '../../dicom/dicom-json.ts';
import type { Condition, NameCondition, RangeCondition } from './match-condition.ts';
import { dateForm, momentForm, timeForm } from './moment-bounds.ts';
import { componentForms } from './patient-name.ts';
import type { Filter, MomentRange } from './search-filter.ts';

/** Whether stored attributes are what a filter asks for: the same rules as in the statements over columns. */
export function matchesFilter(json: DicomJson, filter: Filter): boolean {
  switch (filter.kind) {
    case 'attribute':
      return matchesAttribute(json[filter.tag], filter.condition);
    case 'item':
      return itemsOf(json[filter.tag]).some((item) => filter.filters.every((inner) => matchesFilter(item, inner)));
    case 'moment':
      return matchesMoment(textsOf(json[filter.date])[0], textsOf(json[filter.time])[0], filter.range);
    case 'text':
    case 'kept':
    case 'has':
    case 'either':
      return true;
  }
}

/** Whether `text` is what `pattern` means, `*` for any characters and `?` for one; in steps of the product of their lengths at worst. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [wanted, given] = [[...pattern], [...text]];
  let [at, position] = [0, 0];
  let [star, retry] = [-1, 0];
  while (position < given.length) {
    if (wanted[at] === '*') {
      star = at++;
      retry = position;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      position = ++retry;
    } else return false;
  }
  while (wanted[at] === '*') at += 1;
  return at === wanted.length;
}

/** Items of a sequence; a null item has no attributes. */
export function itemsOf(attribute: DicomJsonAttribute | undefined): DicomJson[] {
  // Values of a sequence are data sets by the JSON model.
  return attribute?.vr === 'SQ' ? (attribute.Value ?? []).map((item) => (item ?? {}) as DicomJson) : [];
}

function matchesAttribute(attribute: DicomJsonAttribute | undefined, condition: Condition): boolean {
  if (condition.kind === 'any') return condition.of.some((one) => matchesAttribute(attribute, one));
  const values = (attribute?.Value ?? []).filter((value) => value !== null && value !== '');
  if (condition.kind === 'empty')
    return values.length === 0 && attribute?.InlineBinary === undefined && attribute?.BulkDataURI === undefined;
  return values.some((value) => matchesValue(value, attribute?.vr ?? 'UN', condition));
}

function matchesValue(value: DicomJsonValue, vr: Vr, condition: Exclude<Condition, { kind: 'empty' | 'any' }>): boolean {
  if (condition.kind === 'name') return typeof value === 'object' && value !== null && matchesName(value, condition);
  if (typeof value === 'object') return false;
  const text = String(value).trim();
  switch (condition.kind) {
    case 'equal':
      return condition.values.includes(text);
    case 'wildcard':
      return condition.patterns.some((pattern) => matchesWildcard(pattern, text));
    case 'number':
      return text !== '' && Number(text) === condition.value;
    case 'range':
      return isWithin(sortingForm(text, vr), condition);
  }
}

function sortingForm(text: string, vr: Vr): string {
  const form = vr === 'DA' ? dateForm(text) : vr === 'TM' ? timeForm(text) : vr === 'DT' ? momentForm(text) : undefined;
  return form ?? text;
}

function isWithin(text: string, { from, before }: Omit<RangeCondition, 'kind'>): boolean {
  return text >= from && (before === undefined || text < before);
}

/** A moment without a time of day is the beginning of its day. */
function matchesMoment(date: string | undefined, time = '', { from, until }: MomentRange): boolean {
  if (date === undefined) return false;
  const [day, clock] = [dateForm(date) ?? date, timeForm(time) ?? time];
  if (from && (day < from.date || (day === from.date && clock < from.time))) return false;
  return !until || day < until.date || (day === until.date && clock < until.beforeTime);
}

function matchesName(value: object, { anyGroup, groups, words }: NameCondition): boolean {
  // Values of PN are person names in the JSON model.
  const { alphabetic, ideographic, phonetic } = componentForms(value);
  const forms = [alphabetic, ideographic, phonetic];
  const fits = (form: string | null | undefined, pattern: string): boolean =>
    typeof form === 'string' && (matchesWildcard(pattern, form) || matchesWildcard(`${pattern}^*`, form));
  const literal =
    anyGroup === undefined
      ? groups.every((pattern, index) => pattern === undefined || fits(forms[index], pattern))
      : forms.some((form) => fits(form, anyGroup));
  return literal || (words?.every((word) => forms.some((form) => form?.split(/[\^ ]/).some((part) => part.startsWith(word)))) ?? false);
}

function textsOf(attribute: DicomJsonAttribute | undefined): string[] {
  return (attribute?.Value ?? []).flatMap((value) => (typeof value === 'string' && value.trim() !== '' ? [value.trim()] : []));
}
