/** Minute, hour, day of month, month, day of week (0 and 7 are Sunday), as in crontab(5). */
const FIELDS = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12 },
  { name: 'day of week', min: 0, max: 7 },
] as const;
/** Longest gap between two 29ths of February, 1896 to 1904 and again 2096 to 2104, and a little more. */
const SEARCHED_DAYS = 366 * 9;

type Field = (typeof FIELDS)[number];
export type Cron = {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  daysOfMonth: ReadonlySet<number>;
  months: ReadonlySet<number>;
  daysOfWeek: ReadonlySet<number>;
  /** If neither day field begins with `*`, a day that fits one of them is enough. */
  eitherDay: boolean;
};

/** A cron expression that cannot be read, or that names no time at all. */
export class CronError extends Error {}

/**
 * Reads a five-field cron expression: numbers, `*`, ranges `a-b`, steps after either, lists.
 *
 * @throws {CronError} naming the field
 */
export function parseCron(expression: string): Cron {
  const texts = expression.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) throw new CronError(`'${expression}': five fields expected, ${texts.length} found`);
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = FIELDS.map((field, index) => parseField(texts[index] ?? '', field));
  if (!(minutes && hours && daysOfMonth && months && daysOfWeek)) throw new CronError(`'${expression}': a field is missing`);
  if (daysOfWeek.delete(7)) daysOfWeek.add(0);
  const eitherDay = !texts[2]?.startsWith('*') && !texts[4]?.startsWith('*');
  return { minutes, hours, daysOfMonth, months, daysOfWeek, eitherDay };
}

/**
 * The first whole minute after `after` that the expression names, in UTC.
 *
 * @throws {CronError} if there is none, as for the 30th of February
 */
export function nextCronTime(expression: string, after: Date): Date {
  const cron = parseCron(expression);
  const first = Math.floor(after.getTime() / 60_000) * 60_000 + 60_000;
  const day = new Date(first);
  day.setUTCHours(0, 0, 0, 0);
  for (let count = 0; count < SEARCHED_DAYS; count++, day.setUTCDate(day.getUTCDate() + 1)) {
    if (!fitsDay(cron, day)) continue;
    const time = firstTimeOn(cron, day.getTime(), first);
    if (time !== undefined) return new Date(time);
  }
  throw new CronError(`'${expression}' names no time`);
}

function parseField(text: string, field: Field): Set<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
    const step = Number(match?.[3] ?? 1);
    const start = Number(match?.[1] ?? field.min);
    // A single number with a step runs to the end of the field, as a star does.
    const open = match?.[1] === undefined || (match[2] === undefined && match[3] !== undefined);
    const end = open ? field.max : Number(match[2] ?? start);
    if (!match || step === 0 || start < field.min || end > field.max || start > end) {
      throw new CronError(`'${part}' is no ${field.name} (${field.min} to ${field.max})`);
    }
    for (let value = start; value <= end; value += step) values.add(value);
  }
  return values;
}

function fitsDay({ daysOfMonth, months, daysOfWeek, eitherDay }: Cron, day: Date): boolean {
  if (!months.has(day.getUTCMonth() + 1)) return false;
  const ofMonth = daysOfMonth.has(day.getUTCDate());
  const ofWeek = daysOfWeek.has(day.getUTCDay());
  return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
}

/** Milliseconds since 1970 of the first fitting minute of the day that is not before `earliest`. */
function firstTimeOn({ hours, minutes }: Cron, day: number, earliest: number): number | undefined {
  for (let hour = 0; hour < 24; hour++) {
    if (!hours.has(hour) || day + (hour + 1) * 3_600_000 <= earliest) continue;
    for (let minute = 0; minute < 60; minute++) {
      const time = day + hour * 3_600_000 + minute * 60_000;
      if (minutes.has(minute) && time >= earliest) return time;
    }
  }
  return undefined;
}
