import type { Analysis } from '../../contract/analysis.ts';
import { decimal, unitText } from '../format.ts';
import { strings } from '../strings/strings.ts';

/** Numbers that the runs measured, with unit and source. */
export function Measurements({ runs }: { runs: readonly Analysis[] }) {
  const rows = runs.flatMap((run) => run.measurements.map((measurement, index) => ({ ...measurement, run, key: `${run.id} ${index}` })));
  if (rows.length === 0) return null;
  return (
    <section className="border-b border-line px-4 py-3">
      <h2 className="pb-1 font-medium">{strings.findings.measurements}</h2>
      <table className="w-full">
        <tbody>
          {rows.map(({ key, title, value, unit, run }) => (
            <tr key={key} className="border-b border-line last:border-0">
              <th scope="row" className="py-1 pe-2 text-start font-normal text-muted">
                {title}
              </th>
              {/* A unit stands after its number in every script. */}
              <td dir="ltr" className="py-1 text-right whitespace-nowrap tabular-nums" title={`${run.model_id} ${run.model_version}`}>
                {decimal(value, Math.abs(value) < 100 ? 1 : 0)}
                <span className="inline-block w-8 pl-1.5 text-left text-muted">{unitText(unit)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
