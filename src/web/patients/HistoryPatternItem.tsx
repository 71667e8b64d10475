import { ArrowLeftRight, CalendarX2, type LucideIcon, Repeat, TrendingUp, TriangleAlert } from 'lucide-react';
import type { HistoryPattern } from '../../contract/history.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { Badge } from '../ui/Badge.tsx';
import { TrendLine } from './TrendLine.tsx';

const ICONS: Readonly<Record<HistoryPattern['kind'], LucideIcon>> = {
  trend: TrendingUp,
  change: ArrowLeftRight,
  recurrent: Repeat,
  gap: CalendarX2,
  conflict: TriangleAlert,
};

/** What several entries say only together: with its values, its rule and where that comes from. */
export function HistoryPatternItem({ pattern }: { pattern: HistoryPattern }) {
  return (
    <li className="flex flex-col gap-0.5 py-2">
      <p className="flex flex-wrap items-baseline gap-2">
        <Badge tone={pattern.kind === 'conflict' || pattern.kind === 'gap' ? 'attention' : 'neutral'} icon={ICONS[pattern.kind]}>
          {words.patternKinds[pattern.kind]}
        </Badge>
        <span className="font-medium">{pattern.title}</span>
      </p>
      <p className="text-muted">{pattern.explanation}</p>
      {pattern.series && pattern.series.points.length > 1 && (
        <TrendLine title={pattern.series.test} unit={pattern.series.unit} points={pattern.series.points} />
      )}
      <p className="text-sm text-faint">{[pattern.rule, pattern.citation].filter(Boolean).join(' \u00b7 ')}</p>
    </li>
  );
}
