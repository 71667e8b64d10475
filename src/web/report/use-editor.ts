import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useRef } from 'react';
import type { Finding } from '../../contract/findings.ts';
import { type Report, SECTION_NAMES, type SectionName, type Statement } from '../../contract/reports.ts';
import { expandMacro } from './expand-macro.ts';
import { insertText } from './insert-text.ts';
import { type Placeholder, placeholderFrom, placeholderSelected } from './placeholders.ts';
import { macrosQuery } from './report-queries.ts';
import { addStatement, confirmStatements, statementAt } from './text-change.ts';
import type { Draft } from './use-draft.ts';

type EditorParts = { report: Report; draft: Draft; findings: readonly Finding[]; onSelect: (finding: Finding | undefined) => void };
export type Editor = ReturnType<typeof useEditor>;

/** What can be done in the text of a draft, by key, by click, and by the tools around it. */
export function useEditor({ report, draft, findings, onSelect }: EditorParts) {
  const fields = useRef(new Map<SectionName, HTMLTextAreaElement>());
  /** Where the cursor was last. */
  const place = useRef<{ section: SectionName; caret: number }>({ section: 'findings', caret: draft.sections.findings.length });
  const queryClient = useQueryClient();
  useQuery(macrosQuery);

  const fieldOf = (section: SectionName): HTMLTextAreaElement | undefined => fields.current.get(section);
  const notePlace = (section: SectionName): void => {
    place.current = { section, caret: fieldOf(section)?.selectionEnd ?? 0 };
  };
  const select = (section: SectionName, { start, end }: { start: number; end: number }): void => {
    const field = fieldOf(section);
    field?.focus();
    field?.setSelectionRange(start, end);
    field?.scrollIntoView({ block: 'nearest' });
  };
  const selectStatement = (statement: Statement): void => {
    const finding = findings.find(({ id }) => id === statement.finding_id);
    if (finding) onSelect(finding);
  };
  /** Behind the place in its section, else at the next section that has one, from there around. */
  const nextField = (from: { section: SectionName; caret: number }): void => {
    const first = SECTION_NAMES.indexOf(from.section);
    for (const step of [...SECTION_NAMES.keys(), SECTION_NAMES.length]) {
      const section = SECTION_NAMES[(first + step) % SECTION_NAMES.length] ?? 'findings';
      const found = placeholderFrom(fieldOf(section)?.value ?? '', step === 0 ? from.caret : 0);
      if (!found) continue;
      select(section, found);
      return;
    }
  };
  const choose = (section: SectionName, placeholder: Placeholder, option: string): void => {
    const field = fieldOf(section);
    if (!field) return;
    insertText(field, placeholder, option);
    nextField({ section, caret: placeholder.start });
  };
  const confirm = (isMeant: (statement: Statement) => boolean): void => draft.setStatements((before) => confirmStatements(before, isMeant));

  const onKey = (section: SectionName, event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const field = event.currentTarget;
    const caret = field.selectionEnd;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    const statement = statementAt(draft.statements, section, caret);
    const macros = queryClient.getQueryData(macrosQuery.queryKey)?.items ?? [];
    if (event.key === 'Tab' && isPlain && caret === field.selectionStart) {
      const macro = expandMacro(field.value, caret, { macros, locale: report.locale });
      if (!macro) return;
      insertText(field, { start: macro.start, end: caret }, macro.text);
      const inside = placeholderFrom(field.value, macro.start);
      if (inside && inside.end <= macro.start + macro.text.length) select(section, inside);
    } else if (event.key === 'F2' && isPlain) nextField({ section, caret });
    else if (event.key === 'Escape' && isPlain) field.blur();
    else if (event.key === 'Enter' && event.altKey && statement) confirm((one) => one === statement);
    else if (event.altKey && event.code.startsWith('Digit')) {
      const placeholder = placeholderSelected(field.value, { start: field.selectionStart, end: caret });
      const option = placeholder?.options[Number(event.code.slice(5)) - 1];
      if (!placeholder || option === undefined) return;
      choose(section, placeholder, option);
    } else return;
    event.preventDefault();
  };

  return {
    fieldOf,
    setField: (section: SectionName) => (field: HTMLTextAreaElement | null) => {
      if (field) fields.current.set(section, field);
      else fields.current.delete(section);
    },
    notePlace,
    place: () => place.current,
    select,
    selectStatement,
    selectStatementAtPlace: () => {
      const { section } = place.current;
      const statement = statementAt(draft.statements, section, fieldOf(section)?.selectionEnd ?? place.current.caret);
      if (statement) selectStatement(statement);
    },
    nextField: () => nextField(place.current),
    choose,
    confirm,
    onKey,
    /** At the cursor; with `rests` the piece is linked to what it rests on. */
    insert: (at: { section: SectionName; caret: number }, text: string, rests?: Pick<Statement, 'finding_id' | 'state'>) => {
      const field = fieldOf(at.section);
      if (!field) return;
      insertText(field, { start: at.caret, end: at.caret }, text);
      const start = at.caret + text.length - text.trimStart().length;
      if (rests)
        draft.setStatements((before) => addStatement(before, { ...rests, section: at.section, start, end: at.caret + text.length }));
    },
  };
}
