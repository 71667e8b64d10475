import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Archive, ArchiveRestore, Copy, Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { listReportTemplates, type ReportTemplate, retireReportTemplate } from '../../contract/report-templates.ts';
import { type Locale, SECTION_NAMES } from '../../contract/reports.ts';
import { call } from '../api.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { Drawer } from '../ui/Drawer.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { type TemplateBody, TemplateForm } from './TemplateForm.tsx';

const text = reportWords.templates;
const KEY = ['report-templates'];
const EMPTY = { clinical_information: '', technique: '', comparison: '', findings: '', impression: '', recommendation: '' };

type Edited = { template: ReportTemplate | undefined; start: TemplateBody };

/** All templates that one can see: made, edited in place, copied, taken out of use and brought back. */
export function TemplatesManager({ locale, onClose }: { locale: Locale; onClose: () => void }) {
  const [edited, setEdited] = useState<Edited | null>(null);
  const queryClient = useQueryClient();
  const templates = useQuery({
    queryKey: [...KEY, 'all'],
    queryFn: ({ signal }) => call(listReportTemplates, { query: { retired: true } }, { signal }),
  });
  const refresh = () => queryClient.invalidateQueries({ queryKey: KEY });
  const retire = useMutation({
    mutationFn: ({ template, retired }: { template: ReportTemplate; retired: boolean }) =>
      call(retireReportTemplate, { params: { id: template.id }, body: { retired } }),
    onSuccess: refresh,
  });
  const error = templates.error ?? retire.error;
  return (
    <Drawer open wide onOpenChange={onClose} title={text.manage} lead={text.manageLead}>
      {edited ? (
        <TemplateForm
          {...edited}
          onBack={() => setEdited(null)}
          onSaved={async () => {
            await refresh();
            setEdited(null);
          }}
        />
      ) : (
        <div className="flex flex-col gap-3">
          {error && <ProblemNote error={error} />}
          <Button
            icon={Plus}
            className="self-start"
            onClick={() =>
              setEdited({
                template: undefined,
                start: { locale, name: '', modality: null, body_part: null, sections: EMPTY, reach: 'own' },
              })
            }
          >
            {text.newOne}
          </Button>
          {templates.isPending && <Skeleton rows={8} label={strings.common.loading} />}
          <ul aria-label={text.manage} className="flex flex-col border-y border-line">
            {templates.data?.items.map((template) => (
              <TemplateItem
                key={template.id}
                template={template}
                onEdit={setEdited}
                onRetire={(retired) => retire.mutate({ template, retired })}
              />
            ))}
          </ul>
        </div>
      )}
    </Drawer>
  );
}

type TemplateItemProps = { template: ReportTemplate; onEdit: (edited: Edited) => void; onRetire: (retired: boolean) => void };

function TemplateItem({ template, onEdit, onRetire }: TemplateItemProps) {
  const { name, modality, body_part, locale, sections, reach, is_starter, retired_at } = template;
  const start = { locale, name, modality, body_part, sections, reach };
  const about = [modality, body_part, strings.report.languages[locale], is_starter ? text.starter : text.reaches[reach]];
  return (
    <li className="flex flex-wrap items-start gap-x-3 border-b border-line py-1.5 last:border-b-0">
      <div className="min-w-0 grow basis-48">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <bdi className={retired_at === null ? 'font-medium' : 'text-muted'}>{name}</bdi>
          {retired_at !== null && <Badge>{text.retired}</Badge>}
        </p>
        <p className="text-sm text-muted">{about.filter(Boolean).join(' \u00b7 ')}</p>
      </div>
      <span className="flex shrink-0">
        <IconButton
          icon={Copy}
          label={`${text.copy}: ${name}`}
          onClick={() => onEdit({ template: undefined, start: { ...start, name: text.copyOf(name).slice(0, 120), reach: 'own' } })}
        />
        {!is_starter && <IconButton icon={Pencil} label={`${text.edit}: ${name}`} onClick={() => onEdit({ template, start })} />}
        {!is_starter && (
          <IconButton
            icon={retired_at === null ? Archive : ArchiveRestore}
            label={`${retired_at === null ? text.retire : text.bringBack}: ${name}`}
            onClick={() => onRetire(retired_at === null)}
          />
        )}
      </span>
      <TemplatePreview template={template} />
    </li>
  );
}

/** What a template says, section by section. */
export function TemplatePreview({ template: { name, locale, sections } }: { template: ReportTemplate }) {
  return (
    <details className="basis-full text-sm">
      <summary className="w-fit rounded-sm text-muted hover:text-text">
        {text.preview}
        <span className="sr-only">: {name}</span>
      </summary>
      <dl dir={locale === 'ar' ? 'rtl' : 'ltr'} className="flex flex-col gap-1.5 py-1.5">
        {SECTION_NAMES.filter((section) => sections[section].trim() !== '').map((section) => (
          <div key={section}>
            <dt className="text-muted">{strings.report.sections[section]}</dt>
            <dd className="whitespace-pre-wrap">{sections[section]}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
