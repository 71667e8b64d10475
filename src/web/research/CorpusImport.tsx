import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { type ImportedFile, importLiterature } from '../../contract/literature.ts';
import { importTrials } from '../../contract/trials.ts';
import { urlOf } from '../api.ts';
import { researchWords as text } from '../strings/research/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Progress } from '../ui/Progress.tsx';
import { sendForm } from '../upload/send-form.ts';

/** What the search on this machine rests on: files that somebody brings, for all tenants of the installation. */
export function CorpusImport() {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
      <Import
        title={text.importLiterature}
        lead={text.importLiteratureLead}
        url={urlOf(importLiterature)}
        accept=".xml,.gz,.json,.pdf,.txt,.md,.csv"
      />
      <Import title={text.importTrials} lead={text.importTrialsLead} url={urlOf(importTrials)} accept=".json,.gz" />
    </div>
  );
}

function Import({ title, lead, url, accept }: { title: string; lead: string; url: string; accept: string }) {
  const input = useRef<HTMLInputElement>(null);
  const abort = useRef(new AbortController());
  const [share, setShare] = useState<number>();
  const queryClient = useQueryClient();
  const send = useMutation({
    mutationFn: (files: readonly File[]) => {
      abort.current = new AbortController();
      const total = files.reduce((sum, { size }) => sum + size, 0);
      // Once everything is sent, the server reads it: how long that takes nobody knows.
      const onProgress = (bytes: number) => setShare(bytes < total ? bytes / Math.max(1, total) : undefined);
      const form = new FormData();
      for (const file of files) form.append('file', file, file.name);
      return sendForm<{ files: ImportedFile[] }>(url, form, { signal: abort.current.signal, onProgress });
    },
    onSuccess: () =>
      Promise.all([queryClient.invalidateQueries({ queryKey: ['literature'] }), queryClient.invalidateQueries({ queryKey: ['trials'] })]),
  });
  const isCancelled = send.error instanceof DOMException;
  return (
    <Card title={title}>
      <p className="pb-3 text-muted">{lead}</p>
      {send.isPending ? (
        <Progress label={text.importing} value={share} onCancel={() => abort.current.abort()} />
      ) : (
        <Button icon={Upload} onClick={() => input.current?.click()}>
          {strings.upload.chooseFiles}
        </Button>
      )}
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={accept}
        aria-label={title}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          if (files.length > 0) send.mutate(files);
        }}
      />
      {send.isError && !isCancelled && (
        <div className="pt-3">
          <ProblemNote error={send.error} />
        </div>
      )}
      {send.data && <Outcome files={send.data.files} />}
    </Card>
  );
}

function Outcome({ files }: { files: readonly ImportedFile[] }) {
  return (
    <ul className="mt-3 divide-y divide-line" aria-live="polite">
      {files.map(({ file, added, updated, deleted, skipped, problem }) => (
        <li key={file} className="flex gap-2 py-1.5">
          {problem ? (
            <CircleAlert aria-hidden size={14} className="mt-0.75 shrink-0 text-critical" />
          ) : (
            <CircleCheck aria-hidden size={14} className="mt-0.75 shrink-0 text-accepted" />
          )}
          <div className="min-w-0">
            <bdi className="font-medium">{file}</bdi>
            <p className="text-sm text-muted tabular-nums">{text.imported(added, updated, deleted, skipped)}</p>
            {problem && <p className="text-sm text-critical">{problem}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}
