import { useMutation } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Input } from '../../contract/endpoint.ts';
import { addReportTemplate, changeReportTemplate, type ReportTemplate } from '../../contract/report-templates.ts';
import { LOCALES, SECTION_NAMES } from '../../contract/reports.ts';
import { call } from '../api.ts';
import { dateTime } from '../format.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';

const text = reportWords.templates;

export type TemplateBody = Input<typeof addReportTemplate>['body'];
type TemplateFormProps = {
  /** Undefined: a new one. */
  template: ReportTemplate | undefined;
  start: TemplateBody;
  onSaved: () => unknown;
  onBack: () => void;
};

/** A template section by section, for which studies and for whom it is. */
export function TemplateForm({ template, start, onSaved, onBack }: TemplateFormProps) {
  const [body, setBody] = useState(start);
  const set = (change: Partial<TemplateBody>) => setBody((now) => ({ ...now, ...change }));
  const save = useMutation({
    mutationFn: () => {
      const wanted = { ...body, name: body.name.trim() };
      return template
        ? call(changeReportTemplate, { params: { id: template.id }, body: wanted })
        : call(addReportTemplate, { body: wanted });
    },
    onSuccess: onSaved,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isEmpty = SECTION_NAMES.every((name) => body.sections[name].trim() === '');
  return (
    <form aria-label={template ? text.editOne : text.newOne} onSubmit={submit} className="flex flex-col gap-3 pb-2">
      <Button look="quiet" icon={ArrowLeft} className="-ms-2 self-start rtl:[&_svg]:rotate-180" onClick={onBack}>
        {text.back}
      </Button>
      <TextField label={text.name} maxLength={120} value={body.name} onChange={(name) => set({ name })} />
      <div className="grid gap-3 sm:grid-cols-2">
        <Select label={text.reach} value={body.reach ?? 'tenant'} choices={text.reaches} onChange={(reach) => set({ reach })} />
        <Select
          label={strings.report.language}
          value={body.locale}
          choices={LOCALES.map((locale) => [locale, strings.report.languages[locale]] as const)}
          onChange={(locale) => set({ locale })}
        />
        <CodeField label={text.modality} value={body.modality} onChange={(modality) => set({ modality })} />
        <CodeField label={text.bodyPart} value={body.body_part} onChange={(body_part) => set({ body_part })} />
      </div>
      <p className="text-sm text-faint">{text.fieldHint}</p>
      {SECTION_NAMES.map((name) => (
        <Field key={name} label={strings.report.sections[name]}>
          {(control) => (
            <textarea
              {...control}
              dir={body.locale === 'ar' ? 'rtl' : 'ltr'}
              rows={name === 'findings' ? 6 : 2}
              maxLength={20_000}
              className={cx(INPUT_CLASS, 'h-auto resize-y py-1.5')}
              value={body.sections[name]}
              onChange={({ target }) => set({ sections: { ...body.sections, [name]: target.value } })}
            />
          )}
        </Field>
      ))}
      {template?.updated_by && template.updated_at && (
        <p className="text-sm text-faint">
          <bdi>{text.changed(template.updated_by, dateTime(template.updated_at))}</bdi>
        </p>
      )}
      {save.isError && <ProblemNote error={save.error} />}
      <Button type="submit" look="primary" className="self-end" busy={save.isPending} disabled={!body.name.trim() || isEmpty}>
        {text.save}
      </Button>
    </form>
  );
}

type CodeFieldProps = { label: string; value: string | null; onChange: (value: string | null) => void };

function CodeField({ label, value, onChange }: CodeFieldProps) {
  return (
    <TextField
      label={label}
      hint={text.codeHint}
      dir="ltr"
      maxLength={16}
      value={value ?? ''}
      onChange={(typed) => onChange(typed.trim() === '' ? null : typed.trim().toUpperCase())}
    />
  );
}
