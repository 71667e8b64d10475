import type { Finding } from '../contract/findings.ts';
import type { Locale, ReportSections, SectionName, Statement } from '../contract/reports.ts';
import type { CheckInput, Raised } from './check-input.ts';
import { type Place, type Side, sentencesWithPlace, sidesIn } from './check-text.ts';
import { readNodule } from './evidence.ts';
import { type Certainty, labelFindings } from './label-findings.ts';
import { OBSERVATIONS, type Observation } from './label-lexicon.ts';

/** A sentence with what it says of observations. */
type Said = Place & { text: string; mentions: { observation: Observation; certainty: Certainty }[] };

/** Words that tell of a finding in other terms. */
const AGREES: Readonly<Partial<Record<Observation, readonly Observation[]>>> = { pneumonia: ['consolidation', 'lung-opacity'] };
/** A shorter title stands in a text by chance. */
const TELLING_TITLE_CHARACTERS = 8;

/** What the words say against the findings and the decisions on them. */
export function checkFindings({ locale, sections, statements, findings }: CheckInput): Raised[] {
  const said = (['findings', 'impression'] as const).flatMap((section) => readSection(section, sections, locale));
  const rejected = findings.filter(({ status }) => status === 'rejected');
  const accepted = findings.filter(({ status }) => status === 'accepted' || status === 'edited');
  const undecided = findings.filter(({ status }) => status === 'proposed').map(({ id }) => id);
  return [
    ...(undecided.length > 0 ? [{ rule: 'undecided-finding' as const, finding_ids: undecided }] : []),
    ...rejectedStatements(statements, rejected),
    ...rejected.flatMap((finding) => stillTold(finding, accepted, { said, sections })),
    ...accepted.flatMap((finding) => deniedOrUntold(finding, { said, sections, statements })),
    ...accepted.flatMap((finding) => wrongSide(finding, accepted, { said, sections, statements, locale })),
    ...sidesOfSections(said, locale),
  ];
}

function readSection(section: SectionName, sections: ReportSections, locale: Locale): Said[] {
  return sentencesWithPlace(section, sections[section]).map((sentence) => ({
    ...sentence,
    mentions: labelFindings(sentence.text, locale),
  }));
}

function rejectedStatements(statements: readonly Statement[], rejected: readonly Finding[]): Raised[] {
  return statements.flatMap((statement) => {
    const finding = rejected.find(({ id }) => id === statement.finding_id);
    return finding ? [{ rule: 'rejected-statement' as const, place: statement, finding_ids: [finding.id] }] : [];
  });
}

type Text = { said: readonly Said[]; sections: ReportSections };

/** A rejected finding whose observation, or whose very title, the text still states; another finding of the same kind may be what it tells. */
function stillTold(finding: Finding, accepted: readonly Finding[], { said, sections }: Text): Raised[] {
  if (accepted.some(({ code, title }) => code === finding.code && title === finding.title)) return [];
  const observation = observationOf(finding);
  const sentence =
    observation && said.find(({ mentions }) => mentions.some((one) => one.observation === observation && one.certainty === 'present'));
  const isOthers = observation !== undefined && accepted.some((other) => observationOf(other) === observation);
  const place = sentence && !isOthers ? sentence : titleIn(finding, sections);
  return place ? [{ rule: 'rejected-finding-told', place, finding_ids: [finding.id] }] : [];
}

/** An accepted finding that the text denies, or of which it says nothing. */
function deniedOrUntold(finding: Finding, { said, sections, statements }: Text & { statements: readonly Statement[] }): Raised[] {
  const observation = observationOf(finding);
  const about = observation === undefined ? [] : [observation, ...(AGREES[observation] ?? [])];
  const telling = said.filter(({ mentions }) => mentions.some((one) => about.includes(one.observation) && one.certainty !== 'absent'));
  const denying = said.find(({ mentions }) => mentions.some((one) => one.observation === observation && one.certainty === 'absent'));
  if (telling.length === 0 && denying) return [{ rule: 'finding-denied', place: denying, finding_ids: [finding.id] }];
  const isTold = telling.length > 0 || statements.some(({ finding_id }) => finding_id === finding.id) || titleIn(finding, sections, 1);
  return isTold ? [] : [{ rule: 'finding-not-told', finding_ids: [finding.id] }];
}

/** The text puts an accepted finding on the other side only. */
function wrongSide(
  finding: Finding,
  accepted: readonly Finding[],
  { said, sections, statements, locale }: Text & { statements: readonly Statement[]; locale: Locale },
): Raised[] {
  const { side } = readNodule(finding);
  if (side === null) return [];
  const linked = statements.filter(({ finding_id }) => finding_id === finding.id);
  const observation = observationOf(finding);
  // Of several of a kind nobody can say which one a sentence means, unless it is linked.
  const isOnly = accepted.filter(({ code }) => code === finding.code).length === 1;
  const meant = isOnly
    ? said.filter(({ mentions }) => mentions.some((one) => one.observation === observation && one.certainty !== 'absent'))
    : [];
  const places: Place[] = [...linked, ...meant.filter((place) => !linked.some((other) => overlaps(place, other)))];
  return places
    .filter((place) => {
      const sides = sidesIn(sections[place.section].slice(place.start, place.end), locale);
      return sides.size > 0 && !sides.has(side);
    })
    .map((place) => ({ rule: 'laterality-finding', place, finding_ids: [finding.id] }));
}

/** One observation is on one side under findings and on the other in the impression. */
function sidesOfSections(said: readonly Said[], locale: Locale): Raised[] {
  return OBSERVATIONS.flatMap((observation): Raised[] => {
    const sided = said
      .filter(({ mentions }) => mentions.some((one) => one.observation === observation && one.certainty !== 'absent'))
      .map((sentence) => ({ ...sentence, sides: sidesIn(sentence.text, locale) }))
      .filter(({ sides }) => sides.size > 0);
    const found = new Set<Side>(sided.filter(({ section }) => section === 'findings').flatMap(({ sides }) => [...sides]));
    if (found.size === 0) return [];
    return sided
      .filter(({ section, sides }) => section === 'impression' && ![...sides].some((side) => found.has(side)))
      .map((place) => ({ rule: 'laterality-sections' as const, place }));
  });
}

function observationOf({ code }: Finding): Observation | undefined {
  return OBSERVATIONS.find((known) => known === code);
}

function titleIn({ title }: Finding, sections: ReportSections, least = TELLING_TITLE_CHARACTERS): Place | undefined {
  if (title.trim().length < least) return undefined;
  for (const section of ['findings', 'impression'] as const) {
    const start = sections[section].toLowerCase().indexOf(title.toLowerCase());
    if (start >= 0) return { section, start, end: start + title.length };
  }
  return undefined;
}

function overlaps(a: Place, b: Place): boolean {
  return a.section === b.section && a.start < b.end && b.start < a.end;
}
