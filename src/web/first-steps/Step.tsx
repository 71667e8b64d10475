import type { ReactNode } from 'react';

type StepProps = { number: number; title: string; lead: string; children: ReactNode };

/** One of several things that can be done, in the order in which most people do them. */
export function Step({ number, title, lead, children }: StepProps) {
  return (
    <section aria-label={title} className="grid grid-cols-[2rem_1fr] gap-x-3 border-t border-line py-5">
      <span aria-hidden className="flex size-7 items-center justify-center rounded-full border border-line-strong text-muted tabular-nums">
        {number}
      </span>
      <div className="min-w-0">
        <h2 className="text-lg font-semibold">{title}</h2>
        <p className="pb-3 text-muted">{lead}</p>
        {children}
      </div>
    </section>
  );
}
