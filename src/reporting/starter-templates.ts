import type { ReportTemplate } from '../contract/report-templates.ts';
import type { Locale, ReportSections } from '../contract/reports.ts';
import { ARABIC_TEMPLATES } from './starter-templates-ar.ts';
import { GERMAN_TEMPLATES } from './starter-templates-de.ts';
import { ENGLISH_TEMPLATES } from './starter-templates-en.ts';
import { SPANISH_TEMPLATES } from './starter-templates-es.ts';
import { FRENCH_TEMPLATES } from './starter-templates-fr.ts';
import { STARTER_KINDS, type StarterKind, type StarterWords } from './starter-words.ts';

export type StarterTemplate = Pick<ReportTemplate, 'id' | 'locale' | 'name' | 'modality' | 'body_part' | 'sections'>;
const EMPTY: ReportSections = { clinical_information: '', technique: '', comparison: '', findings: '', impression: '', recommendation: '' };
const WORDS: Record<Locale, StarterWords> = {
  en: ENGLISH_TEMPLATES,
  de: GERMAN_TEMPLATES,
  fr: FRENCH_TEMPLATES,
  es: SPANISH_TEMPLATES,
  ar: ARABIC_TEMPLATES,
};

/**
 * The shipped templates. They state nothing by themselves: whatever could be normal or not is a choice that the reader has to make, and
 * a report with an open choice is not signed.
 */
export const STARTER_TEMPLATES: readonly StarterTemplate[] = (Object.keys(WORDS) as Locale[]).flatMap((locale) =>
  (Object.keys(STARTER_KINDS) as StarterKind[]).map((kind) => {
    const { name, sections } = WORDS[locale][kind];
    return { id: `starter-${kind}-${locale}`, locale, name, ...STARTER_KINDS[kind], sections: { ...EMPTY, ...sections } };
  }),
);
