import type { DrugCheckReport } from '../../contract/agents.ts';
import { decimal, evidenceLabel } from '../format.ts';

/** What of the patient the rules on drugs were told, each with the day that it is of. */
export function DrugFacts({ facts }: { facts: DrugCheckReport['facts'] }) {
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1">
      {facts.map(({ name, value, source }) => (
        <li key={name} title={source}>
          <span className="text-muted">{evidenceLabel(name).label}</span> <bdi className="font-medium tabular-nums">{shown(value)}</bdi>{' '}
          <span className="text-sm text-faint tabular-nums">{/\d{4}-\d{2}-\d{2}/.exec(source)?.[0]}</span>
        </li>
      ))}
    </ul>
  );
}

function shown(value: string): string {
  const number = Number(value);
  return value !== '' && Number.isFinite(number) ? decimal(number) : value;
}
