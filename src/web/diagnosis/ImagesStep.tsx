import { useQuery } from '@tanstack/react-query';
import { CircleAlert, FilePlus2, X } from 'lucide-react';
import { useRef } from 'react';
import { byteSize, dicomDate } from '../format.ts';
import { patientStudiesQuery } from '../patients/patient-queries.ts';
import { diagnosisWords as text } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { filesOfDrop, filesOfList } from '../upload/collect-files.ts';
import { changeDraft, type Draft } from './draft.ts';
import { missingFiles } from './kept-draft.ts';

/** More are counted, not listed. */
const SHOWN_FILES = 8;

type Images = Pick<Draft, 'studies' | 'files' | 'formerFiles'>;

/** What the imaging agent looks at: studies that are here, and files that come with the diagnosis. */
export function ImagesStep({ patientKey, draft }: { patientKey: string; draft: Images }) {
  const hasNone = draft.studies.length === 0 && draft.files.length === 0;
  return (
    <div className="flex flex-col gap-5">
      <StudyChoice patientKey={patientKey} chosen={draft.studies} />
      <MissingFiles names={missingFiles(draft)} />
      <FileChoice files={draft.files} />
      {hasNone && (
        <p className="flex gap-2 text-attention">
          <CircleAlert aria-hidden size={14} className="mt-0.75 shrink-0" />
          {text.noImages}
        </p>
      )}
    </div>
  );
}

function StudyChoice({ patientKey, chosen }: { patientKey: string; chosen: readonly string[] }) {
  const studies = useQuery(patientStudiesQuery(patientKey));
  const choose = (next: readonly string[]) => changeDraft({ studies: next });
  const all = studies.data?.items.map(({ id }) => id) ?? [];
  return (
    <fieldset className="flex flex-col">
      <legend className="pb-1 text-sm font-medium">{strings.diagnosis.images}</legend>
      {studies.isError && <ProblemNote error={studies.error} />}
      {studies.isPending && <Skeleton rows={3} label={strings.common.loading} />}
      {studies.data && all.length === 0 && <p className="text-muted">{text.noStudies}</p>}
      {all.length > 1 && (
        <Checkbox
          checked={all.every((id) => chosen.includes(id))}
          onChange={(isChosen) => choose(isChosen ? all : [])}
          className="min-h-8!"
        >
          {text.allStudies}
        </Checkbox>
      )}
      <ul className="divide-y divide-line">
        {studies.data?.items.map(({ id, at, study }) => (
          <li key={id}>
            <Checkbox
              checked={chosen.includes(id)}
              onChange={(isChosen) => choose(isChosen ? [...chosen, id] : chosen.filter((other) => other !== id))}
              className="min-h-8!"
            >
              <span className="w-12 shrink-0 font-medium">{study?.modalities.join(', ')}</span>
              <bdi className="min-w-0 truncate">{study?.description}</bdi>
              <span className="ms-auto shrink-0 text-sm text-faint tabular-nums">{dicomDate(at.slice(0, 10))}</span>
            </Checkbox>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

/** A browser gives no page the files that it had before: they are chosen again, or done without. */
function MissingFiles({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <div className="flex items-start gap-2 text-attention">
      <CircleAlert aria-hidden size={15} className="mt-0.5 shrink-0" />
      <p className="min-w-0 grow">
        {text.kept.filesAgain(names.length)} <bdi>{names.slice(0, SHOWN_FILES).join(', ')}</bdi>
      </p>
      <IconButton icon={X} label={text.kept.withoutFiles} onClick={() => changeDraft({ formerFiles: [] })} />
    </div>
  );
}

function FileChoice({ files }: { files: readonly File[] }) {
  const input = useRef<HTMLInputElement>(null);
  const add = (more: readonly { file: File }[]) => changeDraft({ files: [...files, ...more.map(({ file }) => file)] });
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return (
    <section aria-label={text.newImages} className="flex flex-col gap-2">
      <h3 className="text-sm font-medium">{text.newImages}</h3>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button in it does the same by keyboard */}
      <div
        className="flex flex-col items-center gap-2 rounded-md border border-dashed border-line-strong px-4 py-5"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          void filesOfDrop(event.dataTransfer).then(add);
        }}
      >
        <p className="text-center text-sm text-muted">{text.newImagesHint}</p>
        <Button icon={FilePlus2} onClick={() => input.current?.click()}>
          {strings.upload.chooseFiles}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={strings.upload.chooseFiles}
          onChange={() => {
            add(filesOfList(input.current?.files ?? null));
            if (input.current) input.current.value = '';
          }}
        />
      </div>
      {files.length > 0 && (
        <>
          <p className="flex items-center gap-2 text-sm text-muted tabular-nums">
            {text.files(files.length)} {byteSize(bytes)}
            <Button look="quiet" className="ms-auto" onClick={() => changeDraft({ files: [] })}>
              {text.removeAll}
            </Button>
          </p>
          <ul className="divide-y divide-line">
            {files.slice(0, SHOWN_FILES).map((file, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and the order is that of the choice
              <li key={`${file.name} ${index}`} className="flex items-center gap-2">
                <bdi className="min-w-0 grow truncate">{file.name}</bdi>
                <span className="shrink-0 text-sm text-faint tabular-nums">{byteSize(file.size)}</span>
                <IconButton
                  icon={X}
                  label={text.removeFile(file.name)}
                  onClick={() => changeDraft({ files: files.filter((other) => other !== file) })}
                />
              </li>
            ))}
          </ul>
          {files.length > SHOWN_FILES && <p className="text-sm text-faint">{text.moreFiles(files.length - SHOWN_FILES)}</p>}
        </>
      )}
    </section>
  );
}
