import { type ReportSections, SECTION_NAMES } from '../../contract/reports.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Modal } from '../ui/Modal.tsx';
import { compareWords, type Word } from './compare-words.ts';

const text = reportWords.diff;

type CompareDialogProps = {
  before: ReportSections;
  after: ReportSections;
  /** What each side is, for the legend. */
  names: { before: string; after: string };
  onClose: () => void;
};

/** Two texts in one: what was taken out is struck through, what came in is underlined; both are named for who cannot see them. */
export function CompareDialog({ before, after, names, onClose }: CompareDialogProps) {
  const changed = SECTION_NAMES.filter((name) => before[name] !== after[name]);
  return (
    <Modal open wide onOpenChange={onClose} title={text.title}>
      <p className="flex flex-wrap gap-x-4 pb-2 text-sm text-muted">
        <span>
          <del className="bg-critical-soft text-critical">{text.removed}</del> = {names.before}
        </span>
        <span>
          <ins className="bg-accepted-soft text-accepted">{text.added}</ins> = {names.after}
        </span>
      </p>
      {changed.length === 0 && <p className="py-4 text-muted">{text.same}</p>}
      <div className="flex flex-col gap-3 pb-2">
        {changed.map((name) => (
          <section key={name}>
            <h3 className="text-sm font-medium text-muted">{strings.report.sections[name]}</h3>
            <p dir="auto" className="whitespace-pre-wrap">
              {placed(compareWords(before[name], after[name])).map(({ at, word }) => (
                <Run key={at} word={word} />
              ))}
            </p>
          </section>
        ))}
      </div>
    </Modal>
  );
}

function Run({ word: { kind, text: content } }: { word: Word }) {
  if (kind === 'same') return content;
  const [Mark, name, look] =
    kind === 'removed'
      ? (['del', text.removed, 'bg-critical-soft text-critical line-through'] as const)
      : (['ins', text.added, 'bg-accepted-soft text-accepted underline decoration-2'] as const);
  return (
    <Mark className={`rounded-sm ${look}`}>
      <span className="sr-only"> [{name}: </span>
      {content}
      <span className="sr-only">] </span>
    </Mark>
  );
}

/** With the place of each run in both texts together, which is its own. */
function placed(words: readonly Word[]): { at: number; word: Word }[] {
  let at = 0;
  return words.map((word) => {
    const start = at;
    at += word.text.length;
    return { at: start, word };
  });
}
