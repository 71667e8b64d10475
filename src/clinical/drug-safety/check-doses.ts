import type { DrugSafetyAlert } from '../../contract/drug-safety.ts';
import { alertOf } from './alert.ts';
import type { Case, Checked, Taken } from './case.ts';
import type { Sourced } from './compile.ts';
import type { DoseRule } from './knowledge.ts';

/** Amounts in a text are rounded; what is a hair above a limit is at it. */
const TOLERANCE = 1.001;

/**
 * Stated doses against limits by age, weight, kidney and liver. A row without an amount says that the drug itself is to be avoided or
 * its dose reduced under its condition. A line without a dose is listed where only its amount could tell.
 */
export function checkDoses(one: Case): Checked {
  const checked: Checked = { alerts: [], not_checked: [] };
  for (const taken of one.taken) {
    // Of a combination, the text states the amounts together: no share of one ingredient can be told.
    if (taken.drug.parts.length > 0 || taken.line.drugs.length > 1) continue;
    const rules = (one.knowledge.doses.get(taken.drug.id) ?? []).filter(
      ({ route }) => route === null || route === (taken.line.route ?? 'oral'),
    );
    const alerts = rules.flatMap((rule) => doseAlert(one, taken, rule) ?? []);
    checked.alerts.push(...narrowest(alerts.filter(({ depends_on }) => depends_on.length === 0)));
    checked.alerts.push(...alerts.filter(({ depends_on }) => depends_on.length > 0));
    const needsAmount = rules.some((rule) => limitOf(rule)) && taken.line.dose_mg === null;
    if (needsAmount) checked.not_checked.push({ text: taken.line.text, reason: 'Dose not stated: not checked against its limits' });
  }
  return checked;
}

function doseAlert({ facts }: Case, { drug, line }: Taken, rule: Sourced<DoseRule>): DrugSafetyAlert | undefined {
  if (!limitOf(rule)) return alertOf(rule, 'dose', [drug.inn], facts);
  if (line.dose_mg === null) return undefined;
  const daily = line.doses_per_day === null ? null : line.dose_mg * line.doses_per_day;
  const { weight } = facts;
  const exceeds =
    above(line.dose_mg, rule.maxSingleMg) ||
    above(daily, rule.maxDailyMg) ||
    (weight !== undefined &&
      (above(line.dose_mg / weight, rule.maxSingleMgPerKg) || above(daily === null ? null : daily / weight, rule.maxDailyMgPerKg)));
  return exceeds ? alertOf(rule, 'dose', [drug.inn], facts) : undefined;
}

function above(value: number | null, limit: number | null): boolean {
  return value !== null && limit !== null && value > limit * TOLERANCE;
}

function limitOf(rule: DoseRule): boolean {
  return [rule.maxSingleMg, rule.maxDailyMg, rule.maxSingleMgPerKg, rule.maxDailyMgPerKg].some((limit) => limit !== null);
}

/** Bands lie within each other (`egfr<45`, `egfr<30`): of those that surely hold, the most severe speaks. */
function narrowest(alerts: readonly DrugSafetyAlert[]): DrugSafetyAlert[] {
  const order = ['contraindicated', 'major', 'moderate', 'minor'];
  const [first] = alerts.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return first ? [first] : [];
}
