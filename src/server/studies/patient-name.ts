import type { PersonName } from '../../dicom/data-set.ts';

/** The name as stored: component groups as DICOM writes them, `alphabetic=ideographic=phonetic` without empty tails. */
export function writtenName(name: PersonName | undefined): string {
  const groups = [name?.Alphabetic ?? '', name?.Ideographic ?? '', name?.Phonetic ?? ''];
  return groups.join('=').replace(/=+$/, '');
}

/** What search compares: all groups in lower case, without diacritics and separators. */
export function searchFormOf(name: PersonName | undefined): string {
  return searchForm(writtenName(name).replaceAll(/[\^=]+/g, ' '));
}

/** What DICOM queries match: each component group as `family^given^…` in its search form; null if the group is empty. */
export function componentForms(name: PersonName | undefined): Record<'alphabetic' | 'ideographic' | 'phonetic', string | null> {
  return {
    alphabetic: componentForm(name?.Alphabetic ?? '') || null,
    ideographic: componentForm(name?.Ideographic ?? '') || null,
    phonetic: componentForm(name?.Phonetic ?? '') || null,
  };
}

/** One component group in search form, its components kept apart, empty ones at the end left out. */
export function componentForm(group: string): string {
  return group.split('^').map(searchForm).join('^').replace(/\^+$/, '');
}

/** Lower case, compatibility-composed, combining marks removed, spaces single. */
export function searchForm(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim();
}
