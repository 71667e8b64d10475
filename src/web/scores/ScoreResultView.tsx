import { Ban } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ScoreInputDescription, ScoreResult } from '../../contract/clinical.ts';
import { decimal, unitText } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { Card } from '../ui/Card.tsx';

const text = strings.scores;

/** What the score says; with inputs missing, everything that it could still say. */
export function ScoreResultView({ result, inputs }: { result: ScoreResult; inputs: readonly ScoreInputDescription[] }) {
  const titleOf = (name: string): string => inputs.find((input) => input.name === name)?.title ?? name;
  if (result.not_applicable) {
    return (
      <Frame>
        <p className="flex items-center gap-2 font-medium text-attention">
          <Ban aria-hidden size={15} /> {text.notApplicable}
        </p>
        <p className="text-muted">{result.not_applicable}</p>
      </Frame>
    );
  }
  const recommendations = result.recommendation ? [result.recommendation] : result.recommendations;
  return (
    <Frame>
      <p className="text-xl font-semibold tabular-nums">
        <bdi dir="ltr">{numberOf(result)}</bdi>
      </p>
      {result.band && (
        <p className="font-medium">
          <bdi>{result.band.title}</bdi>
        </p>
      )}
      {!result.band && result.bands.length > 0 && (
        <Part title={text.possible}>
          <List items={result.bands.map(({ title }) => title)} />
        </Part>
      )}
      {result.missing.length > 0 && (
        <Part title={text.incomplete}>
          <List items={result.missing.map(titleOf)} />
        </Part>
      )}
      {recommendations.length > 0 && (
        <Part title={text.recommendation}>
          <List items={recommendations.map((recommendation) => recommendation.text)} />
        </Part>
      )}
      {result.notes.length > 0 && (
        <Part title={text.notes}>
          <List items={result.notes} />
        </Part>
      )}
      <p className="text-sm text-faint">{strings.researchUse}</p>
    </Frame>
  );
}

function numberOf({ value, range, unit }: ScoreResult): string {
  const written = unit ? ` ${unitText(unit)}` : '';
  if (value !== null) return `${decimal(value)}${written}`;
  return range ? `${decimal(range.min)} \u2013 ${decimal(range.max)}${written}` : '';
}

function Frame({ children }: { children: ReactNode }) {
  return (
    <section aria-label={text.result}>
      <Card className="flex flex-col gap-2">{children}</Card>
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="pb-0.5 text-sm font-medium text-muted">{title}</h3>
      {children}
    </div>
  );
}

function List({ items }: { items: readonly string[] }) {
  return (
    <ul className="flex flex-col gap-0.5">
      {items.map((item) => (
        <li key={item}>
          <bdi>{item}</bdi>
        </li>
      ))}
    </ul>
  );
}
