import type { ReactNode } from 'react';

type FigureProps = { title: string; value: ReactNode; detail?: ReactNode };

/** One number that counts, with what it is and what belongs to it. */
export function Figure({ title, value, detail }: FigureProps) {
  return (
    <div className="min-w-0 border-s border-line ps-3">
      <dt className="truncate text-sm text-muted">{title}</dt>
      <dd className="text-xl font-semibold tracking-tight tabular-nums">{value}</dd>
      {detail !== undefined && <dd className="text-sm text-faint tabular-nums">{detail}</dd>}
    </div>
  );
}

/** Numbers in a row. */
export function Figures({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-x-4 gap-y-3">{children}</dl>;
}
