const KEY = 'isocenter.language';

/** Languages of the screens, each by its own name. */
export const LANGUAGE_NAMES = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', ar: 'العربية' } as const;
export type Locale = keyof typeof LANGUAGE_NAMES;

/** The language that was chosen here, else the first of the browser's that we have, else English. */
export function currentLocale(): Locale {
  const saved = typeof localStorage === 'undefined' ? null : localStorage.getItem(KEY);
  const wanted = typeof document === 'undefined' ? [] : navigator.languages.map((tag) => tag.slice(0, 2));
  return [saved, ...wanted].find(isLocale) ?? 'en';
}

/** For `Intl`: numbers are written in the digits that DICOM and drug names use, in Arabic too. */
export function intlLocale(): string {
  const locale = currentLocale();
  return locale === 'en' ? 'en-GB' : `${locale}-u-nu-latn`;
}

/** Tells the page its language and direction; call before the first paint. */
export function applyLocale(): void {
  document.documentElement.lang = currentLocale();
  document.documentElement.dir = currentDirection();
}

export function currentDirection(): 'ltr' | 'rtl' {
  return currentLocale() === 'ar' ? 'rtl' : 'ltr';
}

/** Takes another language, with a new load of the page: words are read once. */
export function changeLocale(locale: Locale): void {
  localStorage.setItem(KEY, locale);
  location.reload();
}

function isLocale(value: string | null): value is Locale {
  return value !== null && Object.hasOwn(LANGUAGE_NAMES, value);
}
