import type { CheckIssue, CheckRule } from '../contract/report-checks.ts';
import { type Locale, type ReportSections, SECTION_NAMES, type SectionName, type Statement } from '../contract/reports.ts';
import { checkFindings } from './check-findings.ts';
import type { CheckInput, Raised } from './check-input.ts';
import { hasValueBefore, matchesIn, patternsOf, type Side } from './check-text.ts';
import { wordingOf } from './wording.ts';

const SIDES_CITATION = 'Sangwaiya MJ et al. AJR 2009;192:W239-W244, doi 10.2214/AJR.08.1778';
const STUDY_SIDE_CITATION = 'Lee YH, Yang J, Suh JS. J Digit Imaging 2015;28:412-416, PMC4501963';
const CRITICAL_CITATION = 'Larson PA et al. J Am Coll Radiol 2014;11:552-558, doi 10.1016/j.jacr.2013.12.016';

const RULES: Readonly<Record<CheckRule, { severity: CheckIssue['severity']; citation?: string }>> = {
  'empty-section': { severity: 'blocking' },
  placeholder: { severity: 'blocking' },
  'open-sentence': { severity: 'blocking' },
  'undecided-finding': { severity: 'blocking' },
  'rejected-statement': { severity: 'blocking' },
  'rejected-finding-told': { severity: 'warning' },
  'finding-denied': { severity: 'warning' },
  'finding-not-told': { severity: 'warning' },
  'laterality-finding': { severity: 'warning', citation: SIDES_CITATION },
  'laterality-study': { severity: 'warning', citation: STUDY_SIDE_CITATION },
  'laterality-sections': { severity: 'warning', citation: SIDES_CITATION },
  sex: { severity: 'warning' },
  'unreviewed-text': { severity: 'warning' },
  'unit-without-value': { severity: 'warning' },
  'value-without-unit': { severity: 'warning' },
  'prior-without-comparison': { severity: 'warning' },
  'critical-not-told': { severity: 'warning', citation: CRITICAL_CITATION },
};

/** Sections that say what was seen. */
const TOLD: readonly SectionName[] = ['findings', 'impression'];
/** `[right|left]`, `___`, `???`, `{{name}}`, `XXX`; `[1]` is a reference, and `[U+5C71]` a character that could not be printed. */
const PLACEHOLDER =
  /\[(?!\d+\]|u\+[0-9a-f]+\])[^[\]\n]{0,200}\]|_{3,}|\?{3,}|\{\{[^{}\n]{0,80}\}\}|(?<![\p{L}\p{N}])x{3,}(?![\p{L}\p{N}])/gu;

/**
 * What stands against signing a report. Pure and lexical: a reading aid that misses what it has no words for, and may warn of what is
 * right; so only what no words can excuse blocks. Issues come in the order of the rules, then of the text.
 */
export function checkReport(input: CheckInput): CheckIssue[] {
  const raised = [...checkWords(input), ...checkFindings(input), ...checkFacts(input)];
  const order = Object.keys(RULES);
  return raised
    .map((one) => issueOf(one, input.sections))
    .toSorted(
      (a, b) =>
        Number(a.severity === 'warning') - Number(b.severity === 'warning') ||
        order.indexOf(a.rule) - order.indexOf(b.rule) ||
        sectionOrder(a) - sectionOrder(b) ||
        (a.start ?? 0) - (b.start ?? 0),
    );
}

function issueOf({ rule, place, finding_ids = [] }: Raised, sections: ReportSections): CheckIssue {
  const { severity, citation } = RULES[rule];
  return {
    rule,
    // An open recommendation is often right: none may be needed.
    severity: rule === 'open-sentence' && place?.section === 'recommendation' ? 'warning' : severity,
    section: place?.section ?? null,
    start: place?.start ?? null,
    end: place?.end ?? null,
    quote: place ? sections[place.section].slice(place.start, place.end) : null,
    finding_ids: [...finding_ids],
    citation: citation ?? null,
  };
}

function sectionOrder({ section }: CheckIssue): number {
  return section === null ? -1 : SECTION_NAMES.indexOf(section);
}

/** What the words say by themselves. */
function checkWords({ locale, sections, statements }: CheckInput): Raised[] {
  const { unit, measured } = patternsOf(locale);
  return [
    ...TOLD.filter((section) => sections[section].trim() === '').map((section) => ({
      rule: 'empty-section' as const,
      place: { section, start: 0, end: sections[section].length },
    })),
    ...matchesIn(sections, SECTION_NAMES, PLACEHOLDER).map((place) => ({ rule: 'placeholder' as const, place })),
    ...openSentences(sections, locale),
    ...statements.filter(({ state }) => state === 'unreviewed').map(unreviewed),
    ...matchesIn(sections, TOLD, unit)
      .filter(({ section, start, match }) => {
        const before = match.groups?.['before'] ?? '';
        const from = start + before.length;
        return !hasValueBefore(sections[section].slice(Math.max(0, from - 24), from), locale);
      })
      .map(({ section, start, end, match }) => ({
        rule: 'unit-without-value' as const,
        place: { section, start: start + (match.groups?.['before']?.length ?? 0), end },
      })),
    ...matchesIn(sections, TOLD, measured)
      .filter(({ match }) => match.groups?.['unit'] === undefined)
      .map((place) => ({ rule: 'value-without-unit' as const, place })),
  ];
}

function unreviewed(statement: Statement): Raised {
  const { finding_id } = statement;
  return { rule: 'unreviewed-text', place: statement, finding_ids: finding_id === null ? [] : [finding_id] };
}

/** Sentences of the draft that ask the reader to write. */
function openSentences(sections: ReportSections, locale: Locale): Raised[] {
  const { draft } = wordingOf(locale);
  const open = [
    ['findings', draft.noneAccepted],
    ['impression', draft.impressionOpen],
    ['recommendation', draft.recommendationOpen],
  ] as const;
  return open.flatMap(([section, sentence]) => {
    const start = sections[section].indexOf(sentence);
    return start < 0 ? [] : [{ rule: 'open-sentence' as const, place: { section, start, end: start + sentence.length } }];
  });
}

/** What the words say against what is known of the patient and the study. */
function checkFacts({ locale, sections, patientSex, studySide, priors, untoldCriticalResults }: CheckInput): Raised[] {
  const patterns = patternsOf(locale);
  const foreign = patientSex === 'M' ? patterns.organs.F : patientSex === 'F' ? patterns.organs.M : undefined;
  const comparison = sections.comparison.trim();
  const namesNone = priors === 0 && (comparison === '' || comparison.startsWith(wordingOf(locale).draft.noPrior));
  return [
    ...(foreign ? matchesIn(sections, [...TOLD, 'recommendation'], foreign) : []).map((place) => ({ rule: 'sex' as const, place })),
    ...(studySide ? checkStudySide(sections, studySide, patterns.sides) : []),
    ...(namesNone ? matchesIn(sections, TOLD, patterns.compared) : []).map((place) => ({
      rule: 'prior-without-comparison' as const,
      place,
    })),
    ...(untoldCriticalResults > 0 ? [{ rule: 'critical-not-told' as const }] : []),
  ];
}

/** A section that tells only of the side that was not examined. */
function checkStudySide(sections: ReportSections, side: Side, sides: Record<Side | 'bilateral', RegExp>): Raised[] {
  const other = side === 'right' ? 'left' : 'right';
  return TOLD.flatMap((section) => {
    const own = matchesIn(sections, [section], sides[side]).length + matchesIn(sections, [section], sides.bilateral).length;
    const [place] = matchesIn(sections, [section], sides[other]);
    return place && own === 0 ? [{ rule: 'laterality-study' as const, place }] : [];
  });
}
