import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useRef, useState } from 'react';
import { type PatientDocument, uploadDocument } from '../../contract/patients-documents.ts';
import { urlOf } from '../api.ts';
import { byteSize } from '../format.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Progress } from '../ui/Progress.tsx';
import { sendForm } from '../upload/send-form.ts';

const ACCEPTED = '.pdf,.png,.jpg,.jpeg,.txt,.json,.xml';
const EMPTY = { title: '', category: '', date: '' };

/** One file with what it is; what it is made of the server tells by its content. */
export function DocumentUpload({ patientKey, onClose }: { patientKey: string; onClose: () => void }) {
  const [file, setFile] = useState<File>();
  const [typed, setTyped] = useState(EMPTY);
  const [share, setShare] = useState(0);
  const abort = useRef(new AbortController());
  const form = useId();
  const queryClient = useQueryClient();
  const send = useMutation({
    mutationFn: (chosen: File) => {
      abort.current = new AbortController();
      const options = { signal: abort.current.signal, onProgress: (bytes: number) => setShare(bytes / Math.max(1, chosen.size)) };
      return sendForm<PatientDocument>(urlOf(uploadDocument, { params: { patient_key: patientKey } }), formOf(chosen, typed), options);
    },
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ['patient', patientKey] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file) send.mutate(file);
  };
  const isCancelled = send.error instanceof DOMException;
  const input = (name: keyof typeof EMPTY, label: string, hint?: string) => (
    <Field label={label} hint={hint}>
      {(control) => (
        <input
          {...control}
          dir="auto"
          type={name === 'date' ? 'date' : 'text'}
          className={INPUT_CLASS}
          maxLength={200}
          value={typed[name]}
          onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={words.uploadDocument}
      lead={words.uploadLead}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" form={form} look="primary" busy={send.isPending} disabled={!file}>
            {words.upload}
          </Button>
        </>
      }
    >
      <form id={form} className="grid grid-cols-2 gap-3 pb-2" onSubmit={submit}>
        <div className="col-span-2">
          <Field label={words.file} hint={file && byteSize(file.size)}>
            {(control) => (
              <input
                {...control}
                type="file"
                accept={ACCEPTED}
                className="text-sm file:me-3 file:h-8 file:rounded-md file:border file:border-line-strong file:bg-raised file:px-3 file:text-text"
                onChange={(event) => {
                  const [chosen] = event.target.files ?? [];
                  setFile(chosen);
                  if (chosen && !typed.title) setTyped({ ...typed, title: chosen.name.replace(/\.[^.]+$/, '') });
                }}
              />
            )}
          </Field>
        </div>
        <div className="col-span-2">{input('title', words.documentTitle)}</div>
        {input('category', words.category, words.categoryHint)}
        {input('date', words.documentDate)}
        {send.isPending && (
          <div className="col-span-2">
            <Progress label={words.upload} value={share} onCancel={() => abort.current.abort()} />
          </div>
        )}
        {send.isError && !isCancelled && (
          <div className="col-span-2">
            <ProblemNote error={send.error} />
          </div>
        )}
      </form>
    </Modal>
  );
}

/** Fields stand before the file, as the server streams. */
function formOf(file: File, typed: typeof EMPTY): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(typed)) if (value.trim()) form.append(name, value.trim());
  form.append('file', file, file.name);
  return form;
}
