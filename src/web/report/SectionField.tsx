import { type KeyboardEvent, useState } from 'react';
import type { Finding } from '../../contract/findings.ts';
import type { SectionName, Statement } from '../../contract/reports.ts';
import { reportWords } from '../strings/report/words.ts';
import { Field } from '../ui/Field.tsx';
import { REPORT_START } from './focus-report.ts';
import { type Placeholder, placeholderSelected } from './placeholders.ts';
import { StatementList } from './StatementList.tsx';
import { TextMarks } from './TextMarks.tsx';
import { statementAt } from './text-change.ts';

/** The same in the field and in what is drawn under it, or the marks would not lie under their words. */
const METRICS = 'col-start-1 row-start-1 w-full rounded-md border px-2.5 py-1.5 text-base whitespace-pre-wrap [overflow-wrap:anywhere]';
const LIMIT = 20_000;

export type SectionFieldProps = {
  section: SectionName;
  label: string;
  text: string;
  statements: readonly Statement[];
  troubled: readonly { start: number; end: number }[];
  findings: readonly Finding[];
  selectedId: string | null;
  fieldRef: (field: HTMLTextAreaElement | null) => void;
  onType: (text: string, caret: number) => void;
  onFocus: () => void;
  onLeave: () => void;
  /** @returns whether the key was for the editor */
  onKey: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  onSelectStatement: (statement: Statement) => void;
  onChoose: (placeholder: Placeholder, option: string) => void;
  onConfirm: (isMeant: (statement: Statement) => boolean) => void;
};

/** One section: plain text, marked by where it comes from, and what belongs to it in words below. */
export function SectionField(props: SectionFieldProps) {
  const { section, label, text, statements, findings, selectedId, onSelectStatement } = props;
  const [field, setField] = useState<Placeholder | undefined>();
  const noteSelection = (area: HTMLTextAreaElement) =>
    setField(placeholderSelected(area.value, { start: area.selectionStart, end: area.selectionEnd }));
  return (
    <Field label={label}>
      {(control) => (
        <>
          <div className="grid grid-cols-[minmax(0,1fr)] rounded-md bg-canvas">
            <div aria-hidden dir="auto" className={`${METRICS} pointer-events-none border-transparent text-transparent select-none`}>
              <TextMarks text={text} statements={statements} selectedId={selectedId} troubled={props.troubled} />
            </div>
            <textarea
              {...control}
              {...(section === 'findings' ? REPORT_START : {})}
              ref={props.fieldRef}
              dir="auto"
              rows={1}
              maxLength={LIMIT}
              spellCheck
              className={`${METRICS} h-full resize-none overflow-hidden border-control bg-transparent text-text`}
              value={text}
              onChange={({ target }) => props.onType(target.value, target.selectionEnd)}
              onFocus={props.onFocus}
              onBlur={props.onLeave}
              onSelect={({ currentTarget }) => noteSelection(currentTarget)}
              onClick={({ currentTarget }) => {
                const statement = statementAt(statements, section, currentTarget.selectionStart);
                if (statement && currentTarget.selectionStart === currentTarget.selectionEnd) onSelectStatement(statement);
              }}
              onKeyDown={props.onKey}
            />
          </div>
          {field && field.options.length > 0 && <Choices field={field} onChoose={props.onChoose} />}
          <StatementList
            statements={statements}
            findings={findings}
            selectedId={selectedId}
            onGoTo={onSelectStatement}
            onConfirm={props.onConfirm}
          />
        </>
      )}
    </Field>
  );
}

/** What a field of a template offers; by keyboard Alt and its number. */
function Choices({ field, onChoose }: { field: Placeholder; onChoose: SectionFieldProps['onChoose'] }) {
  return (
    <ul aria-label={reportWords.choices} className="flex flex-wrap gap-1 pt-1">
      {field.options.map((option, index) => (
        <li key={option} className="max-w-full">
          <button
            type="button"
            // The field keeps the focus, so that its selection stays.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(field, option)}
            className="flex min-h-6 max-w-full items-center gap-1.5 rounded-sm border border-line-strong bg-raised px-1.5 text-start text-sm hover:bg-hover"
          >
            <kbd className="shrink-0 text-faint">Alt {index + 1}</kbd>
            <bdi>{option}</bdi>
          </button>
        </li>
      ))}
    </ul>
  );
}
