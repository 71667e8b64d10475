import { Mic } from 'lucide-react';
import { useState } from 'react';
import type { Locale } from '../../contract/reports.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { dictated } from './dictation-words.ts';
import { useDictation } from './use-dictation.ts';
import type { Editor } from './use-editor.ts';

const text = reportWords.dictation;

/** Says where the sound goes before anybody listens; then writes what is said at the cursor. */
export function DictationBar({ locale, editor, onEnd }: { locale: Locale; editor: Editor; onEnd: () => void }) {
  const [agreed, setAgreed] = useState(false);
  const { hearing, failed } = useDictation({
    on: agreed,
    locale,
    onPhrase: (heard) => {
      const place = editor.place();
      const field = editor.fieldOf(place.section);
      const caret = field?.selectionEnd ?? place.caret;
      editor.insert({ section: place.section, caret }, dictated(heard, { before: field?.value.slice(0, caret) ?? '', locale }));
    },
  });
  return (
    <section aria-label={text.title} className="flex flex-col gap-2 border-b border-line bg-raised px-4 py-2">
      {!agreed && <p>{text.lead}</p>}
      {failed && (
        <p role="alert" className="text-critical">
          {text.failed}
        </p>
      )}
      {agreed && !failed && (
        <p role="status" className="flex items-start gap-2">
          <Mic aria-hidden size={15} className="mt-0.5 shrink-0 text-critical" />
          <span>
            <span className="font-medium">{text.listening}</span> <bdi className="text-muted">{hearing || text.commands}</bdi>
          </span>
        </p>
      )}
      <div className="flex gap-2">
        {!agreed && (
          <Button look="primary" onClick={() => setAgreed(true)}>
            {text.start}
          </Button>
        )}
        <Button onClick={onEnd}>{agreed ? reportWords.stopDictation : strings.common.cancel}</Button>
      </div>
    </section>
  );
}
