import { MAX_NAME, type NameParts } from '../../contract/patients.ts';
import type { PersonName } from '../../dicom/data-set.ts';
import { AppError, type FieldError } from '../platform/errors.ts';

/** Earliest year that somebody who is a patient today, or was one in an old archive, can have been born in. */
const FIRST_YEAR = 1850;
/** What a name cannot have: DICOM's delimiters, control characters, halves of characters, and marks that turn the text that follows around. */
const NOT_IN_NAMES = /[\^=\\\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
/** The same where DICOM's delimiters are no matter. */
const NOT_IN_TEXT = /[\p{Cs}\u202a-\u202e\u2066-\u2069]|[^\P{Cc}\n]/u;
const GENDERS = { M: 'male', F: 'female', O: 'other' } as const;
type Gender = (typeof GENDERS)[keyof typeof GENDERS];

/**
 * A name as DICOM has it, its text composed (NFC).
 *
 * @param field where it stands in the body
 * @throws {AppError} `invalid-request` for a name that is empty, too long for DICOM, or has characters that none has
 */
export function personNameOf(parts: NameParts, field: string): PersonName {
  const errors: FieldError[] = [];
  for (const [part, text = ''] of Object.entries(parts))
    if (NOT_IN_NAMES.test(part === 'ideographic' || part === 'phonetic' ? text.replaceAll('^', '') : text))
      errors.push({ field: `${field}/${part}`, message: 'has characters that no name has' });
  const text = (part: keyof NameParts): string => (parts[part] ?? '').normalize('NFC').replaceAll(/\s+/g, ' ').trim();
  const groups = {
    Alphabetic: [text('family'), text('given'), text('middle'), text('prefix'), text('suffix')].join('^').replace(/\^+$/, ''),
    Ideographic: text('ideographic'),
    Phonetic: text('phonetic'),
  };
  for (const group of Object.values(groups))
    if ([...group].length > MAX_NAME) errors.push({ field, message: `a name has up to ${MAX_NAME} characters, its separators included` });
  if (Object.values(groups).every((group) => group.replaceAll('^', '') === '')) errors.push({ field, message: 'is empty' });
  if (errors.length > 0) throw new AppError('invalid-request', 'The name is not valid', { fields: errors });
  return Object.fromEntries(Object.entries(groups).filter(([, group]) => group !== ''));
}

/** A name that is written as one text: `Family, Given`, or a family name alone. */
export function partsOfText(name: string): NameParts {
  const comma = name.indexOf(',');
  return comma === -1 ? { family: name } : { family: name.slice(0, comma), given: name.slice(comma + 1) };
}

/** @param name as stored, `alphabetic=ideographic=phonetic` */
export function partsOfName(name: string): NameParts {
  const [alphabetic = '', ideographic = '', phonetic = ''] = name.split('=');
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = alphabetic.split('^');
  const others = Object.entries({ given, middle, prefix, suffix, ideographic, phonetic }).filter(([, text]) => text !== '');
  return { family, ...Object.fromEntries(others) };
}

/** A name as it is shown. @param name as stored */
export function displayName(name: string): string {
  const { family, given = '', middle = '', prefix = '', suffix = '', ideographic = '' } = partsOfName(name);
  const shown = [prefix, given, middle, family, suffix].filter(Boolean).join(' ');
  return shown || ideographic.replaceAll('^', ' ').trim();
}

/**
 * A date of birth as DICOM writes it (`YYYYMMDD`).
 *
 * @throws {AppError} `invalid-request` unless it is a day that has been, not before 1850
 */
export function birthDateOf(date: string, { now, field }: { now: Date; field: string }): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? [];
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
  // In the first of all time zones it is tomorrow.
  const isPast = time <= now.getTime() + 14 * 3_600_000;
  if (!isDay || !isPast || Number(year) < FIRST_YEAR)
    throw new AppError('invalid-request', 'The date of birth is not valid', {
      fields: [{ field, message: `a day from ${FIRST_YEAR} to today, YYYY-MM-DD` }],
    });
  return `${year}${month}${day}`;
}

/** `YYYY-MM-DD`, or what of it is known; null for what is no date. @param date as DICOM writes it */
export function isoDate(date: string | null): string | null {
  const [, year, month, day] = /^(\d{4})-?(\d{2})?-?(\d{2})?$/.exec(date ?? '') ?? [];
  return year === undefined ? null : [year, month, day].filter(Boolean).join('-');
}

/** Full years on the day of `now` (UTC); null unless the day of birth is known and has been. @param birthDate `YYYYMMDD` */
export function ageOn(birthDate: string | null, now: Date): number | null {
  if (!/^\d{8}$/.test(birthDate ?? '')) return null;
  const today = Number(now.toISOString().slice(0, 10).replaceAll('-', ''));
  const years = Math.floor((today - Number(birthDate)) / 10_000);
  return years < 0 ? null : years;
}

export function genderOf(sex: string | null): Gender | null {
  return GENDERS[sex as keyof typeof GENDERS] ?? null;
}

/** Patient's Sex as DICOM codes it (PS3.3 C.7.1.1); null for `unknown`. */
export function sexOf(gender: Gender | 'unknown' | null): 'M' | 'F' | 'O' | null {
  return gender === null || gender === 'unknown' ? null : ({ male: 'M', female: 'F', other: 'O' } as const)[gender];
}

/** @throws {AppError} `invalid-request` if one of the texts has characters that do not belong into a text of its kind */
export function requireTexts(texts: Readonly<Record<string, string | null | undefined>>, field: string): void {
  const wrong = Object.entries(texts).filter(([, text]) => text && NOT_IN_TEXT.test(text));
  if (wrong.length === 0) return;
  throw new AppError('invalid-request', 'Some fields are not valid', {
    fields: wrong.map(([name]) => ({ field: `${field}/${name}`, message: 'has control characters' })),
  });
}

/** @throws {AppError} `invalid-request` for a number or issuer that DICOM cannot hold (LO, PS3.5 6.2) */
export function requireNumber(value: string, field: string): string {
  const number = value.trim();
  if (number === '' || NOT_IN_NAMES.test(number.replaceAll(/[\^=]/g, '')))
    throw new AppError('invalid-request', 'Some fields are not valid', {
      fields: [{ field, message: 'is empty, or has a backslash or control characters' }],
    });
  return number;
}
