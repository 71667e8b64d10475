import type { ReportMacro } from '../../contract/report-templates.ts';
import type { Locale } from '../../contract/reports.ts';

/** A dot or a slash at the beginning of a word, and the code after it up to the caret. */
const CODE = /(?:^|[\s([])([./])([^\s.,;:/[\]]{1,24})$/u;

/** The piece before the caret that stands for a macro, and the text in its place; undefined if there is none. */
export function expandMacro(
  text: string,
  caret: number,
  { macros, locale }: { macros: readonly ReportMacro[]; locale: Locale },
): { start: number; text: string } | undefined {
  const typed = CODE.exec(text.slice(0, caret));
  const code = typed?.[2]?.toLowerCase();
  if (code === undefined) return undefined;
  const macro = macroOf(macros, code, locale);
  return macro && { start: caret - code.length - 1, text: macro.text };
}

/** One's own before the tenant's; of both, one of the language before one of every language. */
function macroOf(macros: readonly ReportMacro[], code: string, locale: Locale): ReportMacro | undefined {
  const fits = macros.filter((macro) => macro.code === code && (macro.locale === null || macro.locale === locale));
  const rank = (macro: ReportMacro): number => (macro.reach === 'own' ? 2 : 0) + (macro.locale === locale ? 1 : 0);
  return fits.toSorted((a, b) => rank(b) - rank(a))[0];
}
