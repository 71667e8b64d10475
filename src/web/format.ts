import type { StudySummary } from '../contract/studies.ts';
import { intlLocale } from './strings/locale.ts';

/** `DOE^JANE^^DR` (PS3.5 6.2.1) as `DOE, JANE`; a second, ideographic group follows in brackets. */
export function personName(value: string): string {
  const groups = value.split('=').map(nameGroup).filter(Boolean);
  const [first = '', second] = groups;
  return second ? `${first} (${second})` : first;
}

/** A DICOM date, `20260131` or `2026-01-31`, as `2026-01-31`; anything else stays as it is. */
export function dicomDate(value: string | null): string {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(value ?? '');
  return match ? `${match[1]}-${match[2]}-${match[3]}` : (value ?? '');
}

/** `M, 1961-03-04`: sex and birth date, where known. */
export function demographics(study: Pick<StudySummary, 'patient_sex' | 'patient_birth_date'>): string {
  return [study.patient_sex, dicomDate(study.patient_birth_date)].filter(Boolean).join(', ');
}

/** An instant as local date and time, to the minute: `21 Nov 2026, 08:24`. */
export function dateTime(instant: string): string {
  return new Date(instant).toLocaleString(intlLocale(), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** Bytes in decimal units, two or three digits: `840 kB`, `1.2 GB`. */
export function byteSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${decimal(value, power > 0 && value < 10 ? 1 : 0)} ${units[power]}`;
}

/** At most `digits` decimals, without trailing zeros, with the decimal sign of the language. */
export function decimal(value: number, digits = 2): string {
  return value.toLocaleString(intlLocale(), { maximumFractionDigits: digits, useGrouping: false });
}

/** UCUM codes (the ones in use) as readers write them; years are in the words beside them. */
export function unitText(ucum: string): string {
  const known: Record<string, string> = {
    '1': '',
    '{score}': '',
    a: '',
    "[hnsf'U]": 'HU',
    'mm[Hg]': 'mmHg',
    cm3: 'cm³',
    mm2: 'mm²',
    mm3: 'mm³',
    mL: 'ml',
    L: 'l',
  };
  return known[ucum] ?? ucum.replaceAll('{', '').replaceAll('}', '');
}

/** `max_diameter_mm` as `Max diameter` with its unit `mm`. */
export function evidenceLabel(key: string): { label: string; unit: string } {
  const suffix = /_(mm3|mm2|mm|cm3|ml|hu|percent|ms)$/.exec(key);
  const units: Record<string, string> = { mm3: 'mm³', mm2: 'mm²', cm3: 'cm³', hu: 'HU', percent: '%' };
  const words = key
    .slice(0, suffix ? suffix.index : key.length)
    .replaceAll('_', ' ')
    .replace(/\blps\b/, 'LPS');
  return { label: words.charAt(0).toUpperCase() + words.slice(1), unit: suffix?.[1] ? (units[suffix[1]] ?? suffix[1]) : '' };
}

/** What tells findings of one kind apart at a glance: size and side, where the evidence has them. */
export function findingGist({ diameter_mm, side }: Record<string, unknown>, wordOf: (side: string) => string): string {
  const size = typeof diameter_mm === 'number' ? diameter_mm.toLocaleString(intlLocale(), TO_ONE_DIGIT) : '';
  return [size && `${size} mm`, typeof side === 'string' ? wordOf(side).toLocaleLowerCase(intlLocale()) : ''].filter(Boolean).join(', ');
}

const TO_ONE_DIGIT = { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false } as const;

function nameGroup(group: string): string {
  const [family = '', given = '', middle = ''] = group.split('^').map((part) => part.trim());
  return [family, [given, middle].filter(Boolean).join(' ')].filter(Boolean).join(', ');
}
