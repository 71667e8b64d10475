import { changeLocale, currentLocale, LANGUAGE_NAMES, type Locale } from '../strings/locale.ts';
import { strings } from '../strings/strings.ts';

const LOCALES = Object.keys(LANGUAGE_NAMES) as Locale[];

/** Each language by its own name, so that it can be found by whoever cannot read the present one. */
export function LanguageSelect() {
  return (
    <select
      aria-label={strings.session.language}
      className="h-7 rounded-md border border-transparent bg-transparent px-1 text-sm text-muted hover:border-line hover:text-text"
      value={currentLocale()}
      onChange={(event) => changeLocale(LOCALES.find((known) => known === event.target.value) ?? 'en')}
    >
      {LOCALES.map((locale) => (
        <option key={locale} value={locale} lang={locale} className="bg-surface text-text">
          {LANGUAGE_NAMES[locale]}
        </option>
      ))}
    </select>
  );
}
