import { type FormEvent, type KeyboardEvent, useState } from 'react';
import type { Input } from '../../contract/endpoint.ts';
import { CORRECTABLE_NUMBERS, type Finding, type reviewFinding } from '../../contract/findings.ts';
import { findingsWords as more } from '../strings/findings/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { TextField } from '../ui/TextField.tsx';
import { CorrectionFields } from './CorrectionFields.tsx';
import { correctionsOf, isWrong, type Typed, typedOf } from './corrections.ts';
import type { ReviewMutation } from './use-review.ts';

const text = strings.findings;

type ReviewFormProps = { mode: 'edit' | 'reject'; finding: Finding; review: ReviewMutation; onCancel: () => void };

/** The reader's wording, or the reason for a rejection. Ctrl+Enter saves, Escape leaves. */
export function ReviewForm({ mode, finding, review, onCancel }: ReviewFormProps) {
  const [words, setWords] = useState((mode === 'edit' ? finding.text : finding.reason) ?? '');
  const [title, setTitle] = useState(finding.title);
  const given = typedOf(finding);
  const [typed, setTyped] = useState(given);
  // What the model gave is not the reader's to put right before saying anything else.
  const isImpossible = CORRECTABLE_NUMBERS.some(
    (name) => typed[name] !== undefined && typed[name] !== given[name] && isWrong(name, typed[name]),
  );
  const change = isImpossible ? undefined : changeOf(finding, { words, title, typed });
  const isReady = mode === 'edit' ? change !== undefined : words.trim() !== '';
  const save = () => {
    if (!isReady || review.isPending) return;
    if (mode === 'reject') review.mutate({ finding, decision: { decision: 'reject', reason: words.trim() } });
    else if (change) review.mutate({ finding, decision: { decision: 'edit', ...change } });
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
      {mode === 'edit' && (
        <>
          <TextField label={more.title} maxLength={500} value={title} onChange={setTitle} />
          <CorrectionFields given={given} typed={typed} onChange={setTyped} />
        </>
      )}
      <Field label={mode === 'edit' ? text.text : text.reason} hint={mode === 'edit' ? more.textHint : undefined}>
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
        <Button type="submit" look="primary" busy={review.isPending} disabled={!isReady}>
          {mode === 'edit' ? strings.common.save : text.reject}
        </Button>
      </div>
    </form>
  );
}

type Change = Pick<Input<typeof reviewFinding>['body'], 'text' | 'title' | 'corrections'>;

/** What an edit sets; undefined while it sets nothing. */
function changeOf(finding: Finding, { words, title, typed }: { words: string; title: string; typed: Typed }): Change | undefined {
  const corrections = correctionsOf(finding, typed);
  const said = finding.proposed?.title ?? finding.title;
  const change: Change = {
    ...(words.trim() ? { text: words.trim() } : {}),
    ...(title.trim() && title.trim() !== said ? { title: title.trim() } : {}),
    ...(Object.keys(corrections).length > 0 ? { corrections } : {}),
  };
  return Object.keys(change).length > 0 ? change : undefined;
}
