import { type UseMutationResult, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Finding } from '../../contract/findings.ts';
import { type Locale, type Report, SECTION_NAMES, type SectionName } from '../../contract/reports.ts';
import type { StudyDetail } from '../../contract/studies.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ConflictNote } from './ConflictNote.tsx';
import { CriticalDialog } from './CriticalDialog.tsx';
import { DictationBar } from './DictationBar.tsx';
import { DraftHead } from './DraftHead.tsx';
import { EditorFoot } from './EditorFoot.tsx';
import { EditorTools } from './EditorTools.tsx';
import type { EditorDialog, Put } from './editor-dialog.ts';
import { InsertPalette } from './InsertPalette.tsx';
import { ownLine } from './insert-text.ts';
import { KeysDialog } from './KeysDialog.tsx';
import { MacrosDialog } from './MacrosDialog.tsx';
import { PreviewDialog } from './PreviewDialog.tsx';
import { RedraftDialog } from './RedraftDialog.tsx';
import { checksQuery } from './report-queries.ts';
import { SectionField } from './SectionField.tsx';
import { SignDialog } from './SignDialog.tsx';
import { TemplateDialog } from './TemplateDialog.tsx';
import { TemplatesManager } from './TemplatesManager.tsx';
import { useDraft } from './use-draft.ts';
import { type Editor, useEditor } from './use-editor.ts';
import { useReportKeys } from './use-report-keys.ts';
import { Versions } from './Versions.tsx';

const text = strings.report;

export type DraftEditorProps = {
  study: StudyDetail;
  report: Report;
  earlier: readonly Report[];
  findings: readonly Finding[];
  selectedId: string | null;
  onSelect: (finding: Finding | undefined) => void;
  draft: UseMutationResult<Report, Error, Locale>;
};

/** The draft, section by section; it saves itself, and says what of it nobody has reviewed yet. */
export function DraftEditor({ study, report, earlier, findings, selectedId, onSelect, draft: redraft }: DraftEditorProps) {
  const uid = study.study_instance_uid;
  const [dialog, setDialog] = useState<EditorDialog | null>(null);
  const [showsChecks, setShowsChecks] = useState(false);
  const [dictates, setDictates] = useState(false);
  const [put, setPut] = useState<Put | null>(null);
  const draft = useDraft(uid, report);
  const editor = useEditor({ report, draft, findings, onSelect });
  const checks = useQuery({ ...checksQuery(uid, { id: report.id, revision: draft.revision }), enabled: !draft.dirty && !draft.saving });
  usePut(put, editor);
  const openFindings = findings.filter(({ status }) => status === 'proposed').length;
  const issues = checks.data?.items ?? [];
  const close = () => setDialog(null);
  const signing = () =>
    void draft.flush().then(
      () => setDialog('sign'),
      () => {},
    );
  useReportKeys({
    i: () => setDialog('insert'),
    t: () => setDialog('template'),
    c: () => setShowsChecks((shown) => !shown),
    r: () => setDialog('critical'),
    p: () =>
      void draft.flush().then(
        () => setDialog('preview'),
        () => {},
      ),
    s: signing,
    d: () => setDictates((on) => !on),
    e: editor.selectStatementAtPlace,
    n: editor.nextField,
  });

  return (
    <div className="flex min-h-full flex-col">
      <DraftHead report={report} draft={draft} />
      <EditorTools editor={editor} dictates={dictates} onDictate={setDictates} onOpen={setDialog} />
      {dictates && <DictationBar locale={report.locale} editor={editor} onEnd={() => setDictates(false)} />}
      <div className="flex flex-col gap-3 px-4 py-3">
        {SECTION_NAMES.map((section) => (
          <SectionField
            key={section}
            section={section}
            label={text.sections[section]}
            text={draft.sections[section]}
            statements={draft.statements.filter((statement) => statement.section === section)}
            troubled={draft.dirty ? [] : placesIn(section, issues)}
            findings={findings}
            selectedId={selectedId}
            fieldRef={editor.setField(section)}
            onType={(after, caret) => draft.type(section, after, caret)}
            onFocus={() => editor.notePlace(section)}
            onLeave={() => {
              editor.notePlace(section);
              void draft.flush().catch(() => {});
            }}
            onKey={(event) => editor.onKey(section, event)}
            onSelectStatement={(statement) => editor.selectStatement(statement)}
            onChoose={(placeholder, option) => editor.choose(section, placeholder, option)}
            onConfirm={(isMeant) => editor.confirm((statement) => statement.section === section && isMeant(statement))}
          />
        ))}
        {draft.conflict && <ConflictNote draft={draft} theirs={draft.conflict} />}
        {draft.adopted && <p className="text-attention">{reportWords.conflict.adopted}</p>}
        {draft.error && (
          <ProblemNote
            error={draft.error}
            action={<Button onClick={() => void draft.flush().catch(() => {})}>{strings.common.retry}</Button>}
          />
        )}
        {redraft.isError && <ProblemNote error={redraft.error} />}
        <p className="text-sm text-faint">
          <bdi>{report.disclaimer}</bdi>
        </p>
        <Versions current={report} reports={earlier} />
      </div>
      <EditorFoot
        checks={checks}
        draft={draft}
        openFindings={openFindings}
        showsChecks={showsChecks}
        onShowChecks={setShowsChecks}
        onGoTo={(issue) => goTo(issue, { editor, findings, onSelect })}
        onRedraft={() => setDialog('redraft')}
        onPreview={() =>
          void draft.flush().then(
            () => setDialog('preview'),
            () => {},
          )
        }
        onSign={signing}
      />
      {dialog === 'sign' && <SignDialog uid={uid} report={report} draft={draft} onClose={close} />}
      {dialog === 'redraft' && <RedraftDialog locale={report.locale} draft={redraft} flush={draft.flush} onClose={close} />}
      {dialog === 'insert' && (
        <InsertPalette uid={uid} report={report} onPut={setPut} onClose={close} onManage={() => setDialog('macros')} />
      )}
      {dialog === 'macros' && <MacrosDialog onClose={close} />}
      {dialog === 'template' && (
        <TemplateDialog study={study} report={report} draft={draft} onClose={close} onManage={() => setDialog('templates')} />
      )}
      {dialog === 'templates' && <TemplatesManager locale={report.locale} onClose={() => setDialog('template')} />}
      {dialog === 'critical' && (
        <CriticalDialog uid={uid} report={report} findings={findings} selectedId={selectedId} onPut={setPut} onClose={close} />
      )}
      {dialog === 'preview' && <PreviewDialog report={report} revision={draft.revision} onClose={close} />}
      {dialog === 'keys' && <KeysDialog onClose={close} />}
    </div>
  );
}

function usePut(put: Put | null, editor: Editor): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each thing that is put in
  useEffect(() => {
    if (!put) return;
    // A closing dialog first gives the focus back.
    const timer = setTimeout(() => {
      const place = put.at ? { section: put.at, caret: editor.fieldOf(put.at)?.value.length ?? 0 } : editor.place();
      const before = editor.fieldOf(place.section)?.value.slice(0, place.caret) ?? '';
      const { insertion } = put;
      if (!('finding_id' in insertion)) return editor.insert(place, insertion.text);
      const state = insertion.is_generated ? 'unreviewed' : 'confirmed';
      const rests =
        insertion.is_generated || insertion.finding_id !== null ? ({ finding_id: insertion.finding_id, state } as const) : undefined;
      editor.insert(place, ownLine(before, insertion.text), rests);
    });
    return () => clearTimeout(timer);
  }, [put]);
}

type Issue = { rule: string; section: SectionName | null; start: number | null; end: number | null; finding_ids: readonly string[] };

/** What nobody has reviewed is marked by itself. */
function placesIn(section: SectionName, issues: readonly Issue[]): { start: number; end: number }[] {
  return issues.flatMap((issue) =>
    issue.rule !== 'unreviewed-text' && issue.section === section && issue.start !== null && issue.end !== null
      ? [{ start: issue.start, end: issue.end }]
      : [],
  );
}

function goTo(issue: Issue, { editor, findings, onSelect }: Pick<DraftEditorProps, 'findings' | 'onSelect'> & { editor: Editor }): void {
  const finding = findings.find(({ id }) => id === issue.finding_ids[0]);
  if (finding) onSelect(finding);
  if (issue.section && issue.start !== null && issue.end !== null) editor.select(issue.section, { start: issue.start, end: issue.end });
}
