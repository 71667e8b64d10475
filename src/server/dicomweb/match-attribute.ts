import type { DicomJsonAttribute, DicomJsonValue } from '../../dicom/dicom-json.ts';
import { componentForms } from '../studies/patient-name.ts';
import { type Condition, momentForm } from './match-condition.ts';

/** Whether an attribute of stored DICOM JSON has a value that the condition asks for; the same rules as the queries over columns. */
export function matchesAttribute(attribute: DicomJsonAttribute | undefined, condition: Condition): boolean {
  const values = (attribute?.Value ?? []).filter((value) => value !== null && value !== '');
  if (condition.kind === 'empty')
    return values.length === 0 && attribute?.InlineBinary === undefined && attribute?.BulkDataURI === undefined;
  return values.some((value) => matchesValue(value, attribute?.vr === 'DT', condition));
}

function matchesValue(value: DicomJsonValue, isMoment: boolean, condition: Exclude<Condition, { kind: 'empty' }>): boolean {
  if (condition.kind === 'name') return typeof value === 'object' && value !== null && matchesName(value, condition);
  if (typeof value === 'object') return false;
  const text = String(value).trim();
  switch (condition.kind) {
    case 'equal':
      return condition.values.includes(text);
    case 'wildcard':
      return condition.patterns.some((pattern) => patternOf(pattern).test(text));
    case 'number':
      return Number(text) === condition.value;
    case 'range': {
      const sorted = isMoment ? (momentForm(text) ?? text) : text;
      return sorted >= condition.from && (condition.before === undefined || sorted < condition.before);
    }
  }
}

function matchesName(value: object, { anyGroup, groups, words }: Extract<Condition, { kind: 'name' }>): boolean {
  // Values of PN are person names in the JSON model.
  const { alphabetic, ideographic, phonetic } = componentForms(value);
  const forms = [alphabetic, ideographic, phonetic];
  const fits = (form: string | null | undefined, pattern: string): boolean =>
    typeof form === 'string' && (patternOf(pattern).test(form) || patternOf(`${pattern}^*`).test(form));
  const literal =
    anyGroup === undefined
      ? groups.every((pattern, index) => pattern === undefined || fits(forms[index], pattern))
      : forms.some((form) => fits(form, anyGroup));
  return literal || (words?.every((word) => forms.some((form) => form?.split(/[\^ ]/).some((part) => part.startsWith(word)))) ?? false);
}

function patternOf(pattern: string): RegExp {
  const source = pattern.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, (character) =>
    character === '*' ? '.*' : character === '?' ? '.' : `\\${character}`,
  );
  return new RegExp(`^${source}$`, 'su');
}
