import { type KeyboardEvent, useRef, useState } from 'react';
import type { StudySummary } from '../../contract/studies.ts';
import { strings } from '../strings/strings.ts';
import { StudyRow } from './StudyRow.tsx';

const text = strings.studies;
const HEAD = 'border-b border-line px-2 text-start text-sm whitespace-nowrap font-medium text-muted first:ps-4 last:pe-4';

/** Rows are reached by Tab once and walked by arrow keys; each row is one link. */
export function StudyTable({ studies }: { studies: readonly StudySummary[] }) {
  const [active, setActive] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const walk = (event: KeyboardEvent) => {
    const last = studies.length - 1;
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: last, PageDown: active + 10, PageUp: active - 10 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(last, to));
    setActive(next);
    body.current?.querySelectorAll<HTMLAnchorElement>('a[data-row]')[next]?.focus();
  };
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 max-md:block">
      <caption className="sr-only">{text.title}</caption>
      <thead className="sticky top-0 z-10 bg-canvas max-md:hidden">
        <tr className="h-8">
          <th className={`${HEAD} w-[28%]`}>{text.patient}</th>
          <th className={HEAD}>{text.description}</th>
          <th className={`${HEAD} w-20`}>{text.modality}</th>
          <th className={`${HEAD} w-28`}>{text.date}</th>
          <th className={`${HEAD} w-17 text-end!`}>{text.images}</th>
          <th className={`${HEAD} w-33`}>{text.ai}</th>
          <th className={`${HEAD} w-20`}>{text.findings}</th>
          <th className={`${HEAD} w-28`}>{text.report}</th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={walk} className="max-md:block">
        {studies.map((study, index) => (
          <StudyRow
            key={study.study_instance_uid}
            study={study}
            tabIndex={index === Math.min(active, studies.length - 1) ? 0 : -1}
            onFocus={() => setActive(index)}
          />
        ))}
      </tbody>
    </table>
  );
}
