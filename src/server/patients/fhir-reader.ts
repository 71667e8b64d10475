import type { Coding } from '../../contract/patient-record.ts';
import type { FieldError } from '../platform/errors.ts';
import { DATE_TIME } from './edit-record.ts';

/** Faults that one answer lists. */
const MAX_FAULTS = 50;
/** Longest text of one element of the record. */
const MAX_TEXT = 2_000;
const MAX_NAME = 255;
const MAX_DISPLAY = 1_000;
const MAX_CODES = 20;

/** An element of a FHIR resource, with where it stands and the list that faults go to. */
export type Element = { value: Readonly<Record<string, unknown>>; path: string; faults: FieldError[] };
/** What a resource is about, in codes and words. */
export type Concept = { codes: Coding[]; text: string };

export function fault({ faults }: Pick<Element, 'faults'>, path: string, message: string): undefined {
  if (faults.length < MAX_FAULTS) faults.push({ field: path, message });
}

/** @returns the value as an element, if it is an object; else it is a fault */
export function elementOf(value: unknown, { path, faults }: Omit<Element, 'value'>): Element | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fault({ faults }, path, 'must be an object');
  // Any object of parsed JSON.
  return { value: value as Record<string, unknown>, path, faults };
}

export function child(of: Element, name: string): Element | undefined {
  const value = of.value[name];
  return value === undefined ? undefined : elementOf(value, { path: `${of.path}.${name}`, faults: of.faults });
}

export function children(of: Element, name: string): Element[] {
  const value = of.value[name];
  const path = `${of.path}.${name}`;
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    fault(of, path, 'must be a list');
    return [];
  }
  return value.flatMap((item, index) => elementOf(item, { path: `${path}[${index}]`, faults: of.faults }) ?? []);
}

/** A text that is there and not empty; what is longer than `max`, or no text, is a fault. */
export function textAt(of: Element, name: string, max = MAX_TEXT): string | undefined {
  const value = of.value[name];
  const path = `${of.path}.${name}`;
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return fault(of, path, 'must be a text');
  if (value.trim() === '') return fault(of, path, 'must not be empty');
  if ([...value].length > max) return fault(of, path, `has more than ${max} characters`);
  // Neither database holds it, and no text has it.
  if (value.includes('\0') || !value.isWellFormed()) return fault(of, path, 'has characters that no text has');
  return value.normalize('NFC').trim();
}

export function requiredText(of: Element, name: string, max?: number): string {
  if (of.value[name] === undefined) fault(of, `${of.path}.${name}`, 'is missing');
  return textAt(of, name, max) ?? '';
}

export function numberAt(of: Element, name: string): number | undefined {
  const value = of.value[name];
  if (value === undefined) return undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : fault(of, `${of.path}.${name}`, 'must be a number');
}

/** A date or instant as exact as it is known. */
export function dateAt(of: Element, name: string): string | undefined {
  const text = textAt(of, name, 40);
  if (text === undefined || DATE_TIME.test(text)) return text;
  return fault(of, `${of.path}.${name}`, 'must be a date or instant (FHIR dateTime)');
}

/** One of `codes`; anything else is a fault. */
export function codeAt<C extends string>(of: Element, name: string, codes: readonly C[]): C | undefined {
  const text = textAt(of, name, MAX_NAME);
  if (text === undefined) return undefined;
  return codes.find((code) => code === text) ?? fault(of, `${of.path}.${name}`, `must be one of ${codes.join(', ')}`);
}

/** The first code of a concept that says one of `codes`, as for a status. */
export function conceptCodeAt<C extends string>(of: Element, name: string, codes: readonly C[]): C | undefined {
  const concept = child(of, name);
  if (!concept) return undefined;
  const given = children(concept, 'coding').map((coding) => textAt(coding, 'code', MAX_NAME));
  const known = codes.find((code) => given.includes(code));
  return known ?? fault(of, `${concept.path}.coding`, `must have one of ${codes.join(', ')}`);
}

/** A CodeableConcept as the record keeps it; one that says nothing is a fault. */
export function conceptOf(of: Element): Concept {
  const codings = children(of, 'coding');
  const codes = codings.slice(0, MAX_CODES).flatMap((coding): Coding[] => {
    const code = textAt(coding, 'code', MAX_NAME);
    const display = textAt(coding, 'display', MAX_DISPLAY);
    const system = textAt(coding, 'system', MAX_NAME) ?? '';
    return code === undefined ? [] : [{ system, code, ...(display === undefined ? {} : { display }) }];
  });
  const text = textAt(of, 'text') ?? codes.find(({ display }) => display !== undefined)?.display ?? codes[0]?.code;
  if (text === undefined) fault(of, of.path, 'has neither a text nor a code');
  return { codes, text: text ?? '' };
}

/** A concept in words. */
export function wordsAt(of: Element, name: string): string | undefined {
  const concept = child(of, name);
  return concept && conceptOf(concept).text;
}

/** The words of every concept of a list. */
export function wordsOfAll(of: Element, name: string): string | undefined {
  const all = children(of, name).map((concept) => conceptOf(concept).text);
  return all.length === 0 ? undefined : all.join('; ').slice(0, MAX_TEXT);
}
