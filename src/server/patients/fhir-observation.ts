import { dateOrStart, endOf, type Fact, type Facts, factOf, requiredConcept } from './fhir-facts.ts';
import { child, children, codeAt, conceptOf, dateAt, type Element, fault, numberAt, textAt, wordsAt, wordsOfAll } from './fhir-reader.ts';

/** The facts of an Observation: its own value, and one for each component. */
export function readObservation(of: Element): Facts {
  const states = ['registered', 'preliminary', 'final', 'amended', 'corrected', 'cancelled', 'entered-in-error', 'unknown'] as const;
  if (of.value['status'] === undefined) fault(of, `${of.path}.status`, 'is missing');
  const state = codeAt(of, 'status', states);
  // What was called off was never observed.
  if (state === 'entered-in-error' || state === 'cancelled') return [];
  const concept = requiredConcept(of, 'code');
  const common = {
    status: state === 'final' || state === 'amended' || state === 'corrected' ? ('active' as const) : ('unknown' as const),
    started_at: dateOrStart(of, 'effective') ?? dateAt(of, 'effectiveInstant') ?? null,
    ended_at: endOf(of, 'effectivePeriod'),
  };
  const details = {
    category: wordsOfAll(of, 'category'),
    body_site: wordsAt(of, 'bodySite'),
    interpretation: wordsOfAll(of, 'interpretation'),
  };
  const components = children(of, 'component');
  const parts = components.map((component) =>
    factOf('observation', requiredConcept(component, 'code'), {
      ...common,
      ...valueIn(component),
      details: { ...details, panel: concept.text, data_absent_reason: wordsAt(component, 'dataAbsentReason') },
    }),
  );
  const whole = factOf('observation', concept, {
    ...common,
    ...valueIn(of),
    details: { ...details, data_absent_reason: wordsAt(of, 'dataAbsentReason') },
  });
  // A panel alone says nothing that its parts do not say.
  const says = whole.value !== null || whole.value_text !== null || components.length === 0;
  return [...(says ? [whole] : []), ...parts];
}

/** The value of an observation, whichever its type. */
function valueIn(of: Element): Pick<Fact, 'value' | 'unit' | 'value_text'> {
  const quantity = child(of, 'valueQuantity');
  if (quantity) {
    const value = numberAt(quantity, 'value') ?? null;
    const unit = textAt(quantity, 'code', 64) ?? textAt(quantity, 'unit', 64) ?? null;
    const comparator = codeAt(quantity, 'comparator', ['<', '<=', '>=', '>']);
    // A bound is not a value to reckon with.
    return comparator && value !== null ? { value: null, unit, value_text: `${comparator}${value}` } : { value, unit, value_text: null };
  }
  const concept = child(of, 'valueCodeableConcept');
  if (concept) return words(conceptOf(concept).text);
  const number = numberAt(of, 'valueInteger');
  if (number !== undefined) return { value: number, unit: null, value_text: null };
  const text = textAt(of, 'valueString') ?? textAt(of, 'valueDateTime') ?? textAt(of, 'valueTime');
  if (text !== undefined) return words(text);
  const truth = of.value['valueBoolean'];
  if (typeof truth === 'boolean') return words(truth ? 'yes' : 'no');
  const bounds = child(of, 'valueRange') ?? child(of, 'valueRatio');
  if (!bounds) return { value: null, unit: null, value_text: null };
  const pair = ['low', 'high', 'numerator', 'denominator'].flatMap((name) => child(bounds, name) ?? []);
  return words(pair.map((part) => `${numberAt(part, 'value') ?? '?'} ${textAt(part, 'unit', 64) ?? ''}`.trim()).join(' – '));
}

function words(text: string): Pick<Fact, 'value' | 'unit' | 'value_text'> {
  return { value: null, unit: null, value_text: text };
}
