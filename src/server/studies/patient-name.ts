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

/** Lower case, compatibility-composed, combining marks removed, spaces single. */
export function searchForm(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim();
}
