import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

type EmptyStateProps = { icon: LucideIcon; title: string; detail: ReactNode; children?: ReactNode };

/** What a place shows when it has nothing to show, and how that changes. */
export function EmptyState({ icon: Icon, title, detail, children }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-96 flex-col items-center gap-2 px-4 py-12 text-center">
      <Icon aria-hidden size={28} strokeWidth={1.25} className="mb-1 text-faint" />
      <p className="text-lg font-medium">{title}</p>
      <p className="text-muted">{detail}</p>
      {children && <div className="flex flex-wrap justify-center gap-2 pt-3">{children}</div>}
    </div>
  );
}

/** Grey bars in the place of text that is on its way. */
export function Skeleton({ rows, label }: { rows: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col">
      {Array.from({ length: rows }, (_, index) => `row-${index}`).map((key, index) => (
        <div key={key} aria-hidden className="flex h-8 items-center border-b border-line px-4">
          <div className="h-2.5 animate-pulse rounded-sm bg-hover" style={{ width: `${62 - ((index * 17) % 34)}%` }} />
        </div>
      ))}
    </div>
  );
}
