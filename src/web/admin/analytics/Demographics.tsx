import { useQuery } from '@tanstack/react-query';
import { AGE_BANDS } from '../../../contract/patients-analytics.ts';
import { ShareBar } from '../../charts/ShareBar.tsx';
import { operationsWords } from '../../strings/operations/words.ts';
import { Card } from '../../ui/Card.tsx';
import { patientAnalyticsQuery } from '../operations-queries.ts';

const text = operationsWords.analytics;

/** All patients by age and sex: counts alone. */
export function Demographics() {
  const { data } = useQuery(patientAnalyticsQuery);
  if (!data || data.total === 0) return null;
  const bands = [...AGE_BANDS.map((years, index) => (index === AGE_BANDS.length - 1 ? `${years}+` : `${years}-${years + 9}`)), 'unknown'];
  const rows = bands
    .map((band) => {
      const of = data.demographics.filter(({ age_band }) => age_band === band);
      const count = (gender: string | null): number => of.filter((one) => one.gender === gender).reduce((sum, one) => sum + one.count, 0);
      const all = of.reduce((sum, one) => sum + one.count, 0);
      return { band, all, female: count('female'), male: count('male') };
    })
    .filter(({ all }) => all > 0);
  return (
    <Card title={text.demographics}>
      <table className="w-full max-w-3xl">
        <thead>
          <tr className="text-sm text-muted">
            <th scope="col" className="w-24 text-start font-medium">
              {text.age}
            </th>
            <th scope="col">
              <span className="sr-only">{text.share}</span>
            </th>
            <th scope="col" className="w-20 text-end font-medium">
              {text.patients}
            </th>
            <th scope="col" className="w-20 text-end font-medium max-sm:hidden">
              {text.female}
            </th>
            <th scope="col" className="w-20 text-end font-medium max-sm:hidden">
              {text.male}
            </th>
            <th scope="col" className="w-20 text-end font-medium max-sm:hidden">
              {text.other}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ band, all, female, male }) => (
            <tr key={band} className="h-8">
              <th scope="row" dir="auto" className="text-start font-medium tabular-nums">
                {band === 'unknown' ? text.unknownAge : band.replace('-', '\u2013')}
              </th>
              <td className="px-2">
                <ShareBar share={all / Math.max(1, data.total)} />
              </td>
              <td className="text-end tabular-nums">{all}</td>
              <td className="text-end text-muted tabular-nums max-sm:hidden">{female}</td>
              <td className="text-end text-muted tabular-nums max-sm:hidden">{male}</td>
              <td className="text-end text-muted tabular-nums max-sm:hidden">{all - female - male}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
