import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CronError, nextCronTime, parseCron } from './cron.ts';

const next = (expression: string, after: string) => nextCronTime(expression, new Date(after)).toISOString();

test.each([
  ['* * * * *', '2030-01-01T00:00:00.000Z', '2030-01-01T00:01:00.000Z'],
  ['* * * * *', '2030-01-01T00:00:59.999Z', '2030-01-01T00:01:00.000Z'],
  ['*/15 * * * *', '2030-01-01T00:46:00.000Z', '2030-01-01T01:00:00.000Z'],
  ['0 4 * * *', '2030-01-01T04:00:00.000Z', '2030-01-02T04:00:00.000Z'],
  ['30 23 31 12 *', '2030-12-31T23:30:00.000Z', '2031-12-31T23:30:00.000Z'],
  ['0 0 29 2 *', '2030-01-01T00:00:00.000Z', '2032-02-29T00:00:00.000Z'],
  ['0 0 29 2 *', '2096-03-01T00:00:00.000Z', '2104-02-29T00:00:00.000Z'],
  // 2030-01-01 is a Tuesday.
  ['0 9 * * 1-5', '2030-01-04T09:00:00.000Z', '2030-01-07T09:00:00.000Z'],
  ['0 9 * * 7', '2030-01-01T00:00:00.000Z', '2030-01-06T09:00:00.000Z'],
  ['0 9 * * 0', '2030-01-01T00:00:00.000Z', '2030-01-06T09:00:00.000Z'],
  ['5-59/20 1,3 * * *', '2030-01-01T01:45:00.000Z', '2030-01-01T03:05:00.000Z'],
  ['10/20 * * * *', '2030-01-01T00:30:00.000Z', '2030-01-01T00:50:00.000Z'],
])('%s after %s comes at %s', (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

test('if both day fields are restricted, a day that fits one of them is enough', () => {
  expect(next('0 0 13 * 5', '2030-01-01T00:00:00Z')).toBe('2030-01-04T00:00:00.000Z');
  expect(next('0 0 13 * 5', '2030-01-11T00:00:00Z')).toBe('2030-01-13T00:00:00.000Z');
  expect(next('0 0 */2 * 5', '2030-01-01T00:00:00Z')).toBe('2030-01-11T00:00:00.000Z');
});

test.each([
  ['* * * *', 'five fields expected, 4 found'],
  ['60 * * * *', 'minute'],
  ['* 24 * * *', 'hour'],
  ['* * 0 * *', 'day of month'],
  ['* * * 13 *', 'month'],
  ['* * * * 8', 'day of week'],
  ['5-1 * * * *', 'minute'],
  ['*/0 * * * *', 'minute'],
  [', * * * *', 'minute'],
  ['1;2 * * * *', 'minute'],
  ['-5 * * * *', 'minute'],
])('%s is refused and the error names the field', (expression, message) => {
  expect(() => parseCron(expression)).toThrow(CronError);
  expect(() => parseCron(expression)).toThrow(message);
});

test('a day that never comes is an error, not an endless search', () => {
  expect(() => nextCronTime('0 0 30 2 *', new Date('2030-01-01'))).toThrow(CronError);
});

test('the next time is later, a whole minute, and no fitting minute lies between', () => {
  const field = (max: number) => fc.integer({ min: 0, max }).map(String);
  const expression = fc.tuple(fc.oneof(field(59), fc.constant('*/7')), fc.oneof(field(23), fc.constant('*')));
  fc.assert(
    fc.property(
      expression,
      fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
      ([minute, hour], after) => {
        const time = nextCronTime(`${minute} ${hour} * * *`, after);
        expect(time.getTime()).toBeGreaterThan(after.getTime());
        expect(time.getTime() % 60_000).toBe(0);
        const fits = (at: number) => {
          const date = new Date(at);
          const minuteFits = minute === '*/7' ? date.getUTCMinutes() % 7 === 0 : date.getUTCMinutes() === Number(minute);
          return minuteFits && (hour === '*' || date.getUTCHours() === Number(hour));
        };
        expect(fits(time.getTime())).toBe(true);
        for (let at = time.getTime() - 60_000; at > after.getTime(); at -= 60_000) expect(fits(at)).toBe(false);
      },
    ),
    { numRuns: 50 },
  );
});
