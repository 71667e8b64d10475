import type { Finding } from '../contract/findings.ts';
import { type ReportSections, SECTION_NAMES, type SectionName, type Statement } from '../contract/reports.ts';

/** A sentence of a section, to be found in it. */
export type Piece = { text: string; finding_id: string | null; state: Statement['state'] };

/** Where the pieces stand in the text of a section, looked for one after the other; one that is not in it is left out. */
export function locateStatements(section: SectionName, text: string, pieces: readonly Piece[]): Statement[] {
  let from = 0;
  return pieces.flatMap(({ text: piece, finding_id, state }) => {
    const start = piece === '' ? -1 : text.indexOf(piece, from);
    if (start < 0) return [];
    from = start + piece.length;
    return [{ section, start, end: from, finding_id, state }];
  });
}

/** Whether words are a reader's own: what comes from a model has to be read once more in the report. */
export function stateOf({ source, status }: Pick<Finding, 'source' | 'status'>): Statement['state'] {
  return source === 'model' && status === 'accepted' ? 'unreviewed' : 'confirmed';
}

/** The statements of a text that was changed by who does not know of them: each is found again by its words, or is lost. */
export function followStatements(
  before: { sections: ReportSections; statements: readonly Statement[] },
  after: ReportSections,
): Statement[] {
  return SECTION_NAMES.flatMap((section) => {
    const known = before.statements.filter((statement) => statement.section === section).toSorted((a, b) => a.start - b.start);
    const pieces = known.map(({ start, end, finding_id, state }) => ({
      text: before.sections[section].slice(start, end),
      finding_id,
      state,
    }));
    return locateStatements(section, after[section], pieces);
  });
}

/** What of the given statements can be: within its section, of a finding of the study, and not over another one. */
export function soundStatements(
  statements: readonly Statement[],
  { sections, findingIds }: { sections: ReportSections; findingIds: readonly string[] },
): Statement[] {
  return SECTION_NAMES.flatMap((section) => {
    let free = 0;
    return statements
      .filter((statement) => statement.section === section)
      .toSorted((a, b) => a.start - b.start)
      .filter(({ start, end, finding_id }) => {
        const isSound =
          start >= free && start < end && end <= sections[section].length && (finding_id === null || findingIds.includes(finding_id));
        if (isSound) free = end;
        return isSound;
      });
  });
}
