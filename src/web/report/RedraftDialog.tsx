import type { UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { LOCALES, type Locale, type Report } from '../../contract/reports.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';

const text = strings.report;

type RedraftDialogProps = {
  locale: Locale;
  draft: UseMutationResult<Report, Error, Locale>;
  flush: () => Promise<void>;
  onClose: () => void;
};

/** Asks before typed words are replaced: this cannot be undone. */
export function RedraftDialog({ locale: current, draft, flush, onClose }: RedraftDialogProps) {
  const [locale, setLocale] = useState(current);
  // What is still to be saved goes first, so that it cannot overtake the new draft.
  const write = async () => {
    await flush().catch(() => {});
    draft.mutate(locale, { onSettled: onClose });
  };
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={text.redraftTitle}
      lead={text.redraftDetail}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button look="primary" busy={draft.isPending} onClick={() => void write()}>
            {text.redraft}
          </Button>
        </>
      }
    >
      <Field label={text.language}>
        {(control) => (
          <select
            {...control}
            className={INPUT_CLASS}
            value={locale}
            onChange={(event) => setLocale(LOCALES.find((known) => known === event.target.value) ?? 'en')}
          >
            {Object.entries(text.languages).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
    </Modal>
  );
}
