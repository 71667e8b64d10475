/** Units that a target is written in, with their minutes, the greatest first. */
export const UNITS = { days: 1_440, hours: 60, minutes: 1 } as const;
export type Unit = keyof typeof UNITS;

/** A time in the greatest unit that holds it whole: 2880 are 2 days, 90 are 90 minutes. */
export function inWholeUnit(minutes: number): { value: number; unit: Unit } {
  const unit = (Object.keys(UNITS) as Unit[]).find((each) => minutes % UNITS[each] === 0) ?? 'minutes';
  return { value: minutes / UNITS[unit], unit };
}
