import type { Output } from '../../contract/endpoint.ts';
import type { listModels } from '../../contract/models.ts';
import { strings } from '../strings/strings.ts';

const text = strings.models;
const HEAD = 'border-b border-line-strong py-1 pe-3 text-start text-sm font-medium text-muted last:pe-0';
const CELL = 'border-b border-line py-1 pe-3 align-top last:pe-0';
/** On a phone it scrolls sideways, by keyboard too. */
const REACHABLE = { tabIndex: 0 };
type Metrics = Output<typeof listModels>['items'][number]['card']['metrics'];

/** Each figure with its interval and what it was measured on: a figure alone says nothing. */
export function MetricsTable({ metrics }: { metrics: Metrics }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: no field stands in it
    <div {...REACHABLE} role="group" aria-label={text.metrics} className="overflow-x-auto">
      <table className="w-full border-separate border-spacing-0">
        <thead>
          <tr>
            <th className={HEAD}>{text.metric}</th>
            <th className={`${HEAD} text-end!`}>{text.value}</th>
            <th className={`${HEAD} text-end!`}>{text.interval}</th>
            <th className={HEAD}>{text.dataset}</th>
            <th className={`${HEAD} text-end!`}>n</th>
          </tr>
        </thead>
        <tbody>
          {metrics.map(({ name, value, ci95, dataset, n }) => (
            <tr key={`${name} ${dataset}`}>
              <th scope="row" className={`${CELL} text-start font-normal`}>
                <bdi>{metricName(name)}</bdi>
              </th>
              <td className={`${CELL} text-end tabular-nums font-medium`}>{figure(value)}</td>
              <td className={`${CELL} text-end tabular-nums whitespace-nowrap text-muted`}>{ci95 ? `${figure(ci95[0])}\u2013${figure(ci95[1])}` : ''}</td>
              <td className={`${CELL} text-muted`}><bdi>{dataset}</bdi></td>
              <td className={`${CELL} text-end tabular-nums text-muted`}>{n}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `auc_validation` as `AUC validation`. */
function metricName(name: string): string {
  const words = name.replaceAll('_', ' ').replace(/\b(auc|ece|cpu)\b/gi, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function figure(value: number): string {
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3);
}
