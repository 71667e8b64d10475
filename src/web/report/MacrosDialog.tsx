import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Input } from '../../contract/endpoint.ts';
import { addReportMacro, changeReportMacro, deleteReportMacro, type ReportMacro } from '../../contract/report-templates.ts';
import { LOCALES } from '../../contract/reports.ts';
import { call } from '../api.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { showToast } from '../ui/toast.ts';
import { macrosQuery } from './report-queries.ts';

const text = reportWords.macros;
const FORM_ID = 'report-macro';

type MacroBody = Input<typeof addReportMacro>['body'];
const BLANK: MacroBody = { reach: 'own', code: '', locale: null, text: '' };

/** One's own macros and those of everybody here: add, change, remove; a removed one can be brought back. */
export function MacrosDialog({ onClose }: { onClose: () => void }) {
  const [edited, setEdited] = useState<ReportMacro | null>(null);
  const macros = useQuery(macrosQuery);
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: macrosQuery.queryKey });
  const restore = useMutation({
    mutationFn: ({ reach, code, locale, text: words }: ReportMacro) => call(addReportMacro, { body: { reach, code, locale, text: words } }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (macro: ReportMacro) => call(deleteReportMacro, { params: { id: macro.id } }),
    onSuccess: (_, macro) => {
      showToast({ text: `${text.remove}: .${macro.code}`, undo: () => restore.mutate(macro) });
      return onSuccess();
    },
  });
  return (
    <Modal open wide onOpenChange={onClose} title={text.title} lead={text.lead}>
      <div className="flex flex-col gap-4 pb-2">
        {(macros.error ?? remove.error ?? restore.error) && <ProblemNote error={macros.error ?? remove.error ?? restore.error} />}
        <MacroList macros={macros.data?.items ?? []} onEdit={setEdited} onRemove={(macro) => remove.mutate(macro)} />
        {macros.data?.items.length === 0 && <p className="text-muted">{text.none}</p>}
        <MacroForm key={edited?.id ?? 'new'} macro={edited} onSaved={() => setEdited(null)} />
      </div>
    </Modal>
  );
}

type MacroListProps = { macros: readonly ReportMacro[]; onEdit: (macro: ReportMacro) => void; onRemove: (macro: ReportMacro) => void };

function MacroList({ macros, onEdit, onRemove }: MacroListProps) {
  if (macros.length === 0) return null;
  return (
    <ul aria-label={text.title} className="flex flex-col border-y border-line">
      {macros.map((macro) => (
        <li key={macro.id} className="flex min-h-8 items-start gap-3 border-b border-line py-1 last:border-b-0">
          <kbd className="mt-1.5 w-20 shrink-0 truncate">.{macro.code}</kbd>
          <span className="mt-1 line-clamp-2 grow whitespace-pre-wrap">
            <bdi>{macro.text}</bdi>
          </span>
          <span className="mt-1 shrink-0 text-sm text-muted">{text.reaches[macro.reach]}</span>
          <span className="flex shrink-0">
            <IconButton icon={Pencil} label={`${text.edit}: ${macro.code}`} onClick={() => onEdit(macro)} />
            <IconButton icon={Trash2} label={`${text.remove}: ${macro.code}`} onClick={() => onRemove(macro)} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function MacroForm({ macro, onSaved }: { macro: ReportMacro | null; onSaved: () => void }) {
  const [body, setBody] = useState<MacroBody>(macro ?? BLANK);
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: () => {
      const wanted = { reach: body.reach, code: body.code.trim(), locale: body.locale, text: body.text };
      return macro ? call(changeReportMacro, { params: { id: macro.id }, body: wanted }) : call(addReportMacro, { body: wanted });
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: macrosQuery.queryKey });
      setBody(BLANK);
      onSaved();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form id={FORM_ID} aria-label={text.newOne} onSubmit={submit} className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-3 *:min-w-28 *:grow">
        <Field label={text.code}>
          {(control) => (
            <input
              {...control}
              dir="auto"
              maxLength={24}
              pattern="[^\s.,;:\/\[\]]+"
              className={INPUT_CLASS}
              value={body.code}
              onChange={({ target }) => setBody({ ...body, code: target.value })}
            />
          )}
        </Field>
        <Field label={text.reach}>
          {(control) => (
            <select
              {...control}
              className={INPUT_CLASS}
              value={body.reach}
              onChange={({ target }) => setBody({ ...body, reach: target.value === 'tenant' ? 'tenant' : 'own' })}
            >
              {(['own', 'tenant'] as const).map((reach) => (
                <option key={reach} value={reach}>
                  {text.reaches[reach]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={strings.report.language}>
          {(control) => (
            <select
              {...control}
              className={INPUT_CLASS}
              value={body.locale ?? ''}
              onChange={({ target }) => setBody({ ...body, locale: LOCALES.find((known) => known === target.value) ?? null })}
            >
              <option value="">{text.anyLanguage}</option>
              {LOCALES.map((locale) => (
                <option key={locale} value={locale}>
                  {strings.report.languages[locale]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Field label={text.text}>
        {(control) => (
          <textarea
            {...control}
            dir="auto"
            rows={3}
            maxLength={4000}
            className={cx(INPUT_CLASS, 'h-auto py-1.5')}
            value={body.text}
            onChange={({ target }) => setBody({ ...body, text: target.value })}
          />
        )}
      </Field>
      {save.isError && <ProblemNote error={save.error} />}
      <Button type="submit" look="primary" className="self-end" busy={save.isPending} disabled={!body.code.trim() || !body.text.trim()}>
        {macro ? strings.common.save : text.add}
      </Button>
    </form>
  );
}
