import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { addReportTemplate, applyReportTemplate, type ReportTemplate } from '../../contract/report-templates.ts';
import type { Report } from '../../contract/reports.ts';
import type { StudyDetail } from '../../contract/studies.ts';
import { call } from '../api.ts';
import { putReport } from '../queries.ts';
import { reportWords } from '../strings/report/words.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { showToast } from '../ui/toast.ts';
import { templatesQuery } from './report-queries.ts';
import { TemplatePreview } from './TemplatesManager.tsx';
import { takeFocus } from './take-focus.ts';
import type { Draft } from './use-draft.ts';

const text = reportWords.templates;

type TemplateDialogProps = { study: StudyDetail; report: Report; draft: Draft; onClose: () => void; onManage: () => void };

/** Templates for this kind of study first; what one did to the draft can be taken back at once. */
export function TemplateDialog({ study, report, draft, onClose, onManage }: TemplateDialogProps) {
  const [search, setSearch] = useState('');
  const queryClient = useQueryClient();
  const kind = {
    locale: report.locale,
    modality: study.modalities[0],
    body_part: study.series.find(({ body_part }) => body_part !== null)?.body_part ?? undefined,
  };
  const templates = useQuery(templatesQuery(kind));
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['report-templates'] });
  const use = useMutation({
    mutationFn: async (template: ReportTemplate) => {
      await draft.flush();
      const own = { sections: draft.sections, statements: draft.statements };
      const laid = await call(applyReportTemplate, { params: { id: report.id }, body: { template_id: template.id } });
      return { template, own, laid };
    },
    onSuccess: ({ template, own, laid }) => {
      draft.adopt(laid);
      putReport(queryClient, study.study_instance_uid, laid);
      showToast({ text: text.used(template.name), undo: () => draft.replace(own) });
      onClose();
    },
  });
  const shown = (templates.data?.items ?? []).filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  const error = templates.error ?? use.error;
  return (
    <Modal open wide onOpenChange={onClose} title={text.title} lead={text.lead} footer={<Button onClick={onManage}>{text.manage}</Button>}>
      <div className="flex flex-col gap-3 pb-2">
        {error && <ProblemNote error={error} />}
        <input
          ref={takeFocus}
          type="search"
          aria-label={text.search}
          placeholder={text.search}
          className={INPUT_CLASS}
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
        <ul aria-label={text.title} className="flex flex-col border-y border-line">
          {shown.map((template) => (
            <li key={template.id} className="flex min-h-10 flex-wrap items-center gap-x-3 border-b border-line py-1 last:border-b-0">
              <span className="flex min-w-0 grow basis-40 flex-col">
                <bdi className="font-medium">{template.name}</bdi>
                <span className="text-sm text-muted">
                  {[template.modality, template.body_part, template.is_starter ? text.starter : text.reaches[template.reach]]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              <Button
                aria-label={`${text.use}: ${template.name}`}
                busy={use.isPending && use.variables?.id === template.id}
                onClick={() => use.mutate(template)}
              >
                {text.use}
              </Button>
              <TemplatePreview template={template} />
            </li>
          ))}
        </ul>
        {templates.isSuccess && shown.length === 0 && <p className="text-muted">{text.none}</p>}
        <SaveForm kind={kind} report={report} draft={draft} onSaved={refresh} />
      </div>
    </Modal>
  );
}

type SaveFormProps = {
  kind: { modality: string | undefined; body_part: string | undefined };
  report: Report;
  draft: Draft;
  onSaved: () => unknown;
};

/** The text of this draft, as a template for the next one of its kind. */
function SaveForm({ kind, report, draft, onSaved }: SaveFormProps) {
  const [name, setName] = useState('');
  const save = useMutation({
    mutationFn: () =>
      call(addReportTemplate, {
        body: {
          locale: report.locale,
          name: name.trim(),
          modality: kind.modality ?? null,
          body_part: kind.body_part ?? null,
          // What is of this patient stays out of it.
          sections: { ...draft.sections, clinical_information: '', comparison: '' },
        },
      }),
    onSuccess: () => {
      setName('');
      return onSaved();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form aria-label={text.saveAs} onSubmit={submit} className="flex flex-wrap items-end gap-2">
      <div className="min-w-48 grow">
        <Field label={text.saveAs}>
          {(control) => (
            <input
              {...control}
              dir="auto"
              maxLength={120}
              placeholder={text.name}
              className={INPUT_CLASS}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
      </div>
      <Button type="submit" busy={save.isPending} disabled={!name.trim()}>
        {text.save}
      </Button>
      {save.isError && <ProblemNote error={save.error} />}
    </form>
  );
}
