import { type FormEvent, type KeyboardEvent, useState } from 'react';
import type { Finding } from '../../contract/findings.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import type { ReviewMutation } from './use-review.ts';

const text = strings.findings;

type ReviewFormProps = { mode: 'edit' | 'reject'; finding: Finding; review: ReviewMutation; onCancel: () => void };

/** The reader's wording, or the reason for a rejection. Ctrl+Enter saves, Escape leaves. */
export function ReviewForm({ mode, finding, review, onCancel }: ReviewFormProps) {
  const [words, setWords] = useState(mode === 'edit' ? (finding.text ?? finding.title) : (finding.reason ?? ''));
  const save = () => {
    const trimmed = words.trim();
    if (!trimmed || review.isPending) return;
    review.mutate({ finding, decision: mode === 'edit' ? { decision: 'edit', text: trimmed } : { decision: 'reject', reason: trimmed } });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onCancel();
    if (event.key === 'Enter' && (mode === 'reject' || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field label={mode === 'edit' ? text.text : text.reason} hint={mode === 'edit' ? text.textHint : undefined}>
        {(control) => (
          <textarea
            {...control}
            // biome-ignore lint/a11y/noAutofocus: the reader asked for this form by key or button
            autoFocus
            dir="auto"
            rows={mode === 'edit' ? 4 : 2}
            maxLength={mode === 'edit' ? 4000 : 1000}
            className={cx(INPUT_CLASS, 'h-auto resize-y py-1.5')}
            value={words}
            onKeyDown={keys}
            onChange={(event) => setWords(event.target.value)}
          />
        )}
      </Field>
      {mode === 'reject' && (
        <div className="flex flex-wrap gap-1.5">
          {text.reasons.map((reason) => (
            <button
              key={reason}
              type="button"
              aria-pressed={words === reason}
              onClick={() => setWords(reason)}
              className={cx(
                'h-6 rounded-sm border px-2 text-sm',
                words === reason ? 'border-strong text-text' : 'border-line-strong text-muted hover:text-text',
              )}
            >
              {reason}
            </button>
          ))}
        </div>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{strings.common.cancel}</Button>
        <Button type="submit" look="primary" busy={review.isPending} disabled={!words.trim()}>
          {mode === 'edit' ? strings.common.save : text.reject}
        </Button>
      </div>
    </form>
  );
}
