import { describe, expect, it } from 'vitest';
import { DEFAULT_TARGETS, overduePlaces, placeInList, placesOf, prioritize, type ReadingFacts } from './priority.ts';

const RECEIVED = '2026-11-21T08:00:00.000Z';
const NOTHING: ReadingFacts = {
  received_at: RECEIVED,
  orders: [],
  diagnoses: [],
  findings: [],
  not_evaluable: undefined,
  follow_ups: [],
};
const MINUTE_MS = 60_000;

function minutesLater(minutes: number): Date {
  return new Date(Date.parse(RECEIVED) + minutes * MINUTE_MS);
}

function finding(code: string, over: Partial<ReadingFacts['findings'][number]> = {}): ReadingFacts['findings'][number] {
  return {
    id: code,
    code,
    title: code,
    confidence: 0.9,
    is_confirmed: false,
    model_id: 'm',
    model_version: '1',
    found_at: RECEIVED,
    ...over,
  };
}

function levelOf(facts: Partial<ReadingFacts>, minutes = 0): string {
  return prioritize({ ...NOTHING, ...facts }, DEFAULT_TARGETS, minutesLater(minutes)).level;
}

describe('the priority of a study', () => {
  it('is routine where nothing says otherwise, without a reason', () => {
    expect(prioritize(NOTHING, DEFAULT_TARGETS, minutesLater(0))).toEqual({
      level: 'routine',
      reasons: [],
      due_at: '2026-11-22T08:00:00.000Z',
    });
  });

  it.each([
    ['STAT', 'critical'],
    ['HIGH', 'urgent'],
    ['MEDIUM', 'routine'],
    ['ROUTINE', 'routine'],
    ['LOW', 'low'],
  ] as const)('of an order of priority %s is %s', (priority, level) => {
    expect(levelOf({ orders: [{ priority }] })).toBe(level);
  });

  it.each([
    ['emergency', 'critical'],
    ['urgent', 'urgent'],
    ['routine', 'routine'],
  ] as const)('of a diagnosis that is %s is %s', (priority, level) => {
    expect(levelOf({ diagnoses: [{ id: 'd', priority }] })).toBe(level);
  });

  it('is what the most urgent of the reasons says, and an order that can wait does not hold back a finding', () => {
    const { level, reasons } = prioritize(
      { ...NOTHING, orders: [{ priority: 'LOW' }], findings: [finding('lung-nodule'), finding('pneumothorax', { confidence: 0.97 })] },
      DEFAULT_TARGETS,
      minutesLater(0),
    );
    expect(level).toBe('critical');
    expect(reasons.map(({ kind, level: raisesTo }) => [kind, raisesTo])).toEqual([
      ['finding', 'critical'],
      ['order', 'low'],
      ['finding', null],
    ]);
    expect(reasons[0]).toMatchObject({ title: 'pneumothorax', confidence: 0.97, model_id: 'm', model_version: '1', is_confirmed: false });
  });

  it('is not raised by a finding that no category of urgency names, and not by no answer of the AI: both are told', () => {
    const { level, reasons } = prioritize(
      { ...NOTHING, findings: [finding('a-new-model-says-so')], not_evaluable: { reason: 'No model accepts it' } },
      DEFAULT_TARGETS,
      minutesLater(0),
    );
    expect(level).toBe('routine');
    expect(reasons).toEqual([
      expect.objectContaining({ kind: 'finding', urgency: 'notable', level: null }),
      { kind: 'not_evaluable', level: null, reason: 'No model accepts it' },
    ]);
  });

  it('is urgent where a recommendation for the patient is overdue', () => {
    expect(levelOf({ follow_ups: [{ id: 'f', due_to: '2026-10-01' }] })).toBe('urgent');
  });

  it('goes up by one level for each target that has passed, and never to critical by waiting', () => {
    expect(levelOf({}, DEFAULT_TARGETS.routine)).toBe('routine');
    expect(levelOf({}, DEFAULT_TARGETS.routine + 1)).toBe('urgent');
    expect(levelOf({ orders: [{ priority: 'LOW' }] }, DEFAULT_TARGETS.routine + 1)).toBe('low');
    expect(levelOf({ orders: [{ priority: 'LOW' }] }, DEFAULT_TARGETS.low + 1)).toBe('urgent');
    expect(levelOf({ orders: [{ priority: 'HIGH' }] }, 1_000_000)).toBe('urgent');
  });

  it('tells since when it is late, by the target that it has without waiting', () => {
    const { reasons } = prioritize({ ...NOTHING, orders: [{ priority: 'STAT' }] }, DEFAULT_TARGETS, minutesLater(61));
    expect(reasons).toEqual([
      { kind: 'order', level: 'critical', priority: 'STAT' },
      { kind: 'overdue', level: null, target_minutes: 60, due_at: '2026-11-21T09:00:00.000Z' },
    ]);
  });
});

describe('the place in the list', () => {
  it('sorts by level, then by who waits longest, with everything that is signed at the end', () => {
    const places = [
      placeInList('signed', 'critical', '2026-11-21T07:00:00.000Z'),
      placeInList('unread', 'low', '2026-11-20T07:00:00.000Z'),
      placeInList('drafted', 'routine', '2026-11-21T07:00:00.000Z'),
      placeInList('unread', 'routine', '2026-11-21T06:00:00.000Z'),
      placeInList('reading', 'critical', '2026-11-21T08:00:00.000Z'),
    ];
    expect(places.toSorted()).toEqual([places[4], places[3], places[2], places[1], places[0]]);
  });

  it('of each level lies between its bounds, and in no other level', () => {
    const levels = ['critical', 'urgent', 'routine', 'low', 'signed'] as const;
    for (const level of levels) {
      const place = level === 'signed' ? placeInList('signed', 'low', RECEIVED) : placeInList('unread', level, RECEIVED);
      const holding = levels.filter((other) => placesOf(other).from <= place && place < placesOf(other).before);
      expect(holding).toEqual([level]);
      expect(placesOf('open').from <= place && place < placesOf('open').before).toBe(level !== 'signed');
    }
  });

  it('is overdue from the moment on at which the target has passed', () => {
    const place = placeInList('unread', 'routine', RECEIVED);
    const { from, before } = overduePlaces('routine', DEFAULT_TARGETS, minutesLater(DEFAULT_TARGETS.routine));
    expect(from <= place && place < before).toBe(false);
    const later = overduePlaces('routine', DEFAULT_TARGETS, minutesLater(DEFAULT_TARGETS.routine + 1));
    expect(later.from <= place && place < later.before).toBe(true);
  });

  it('is what a person sets, up and down, until a more urgent finding comes, and waiting still lifts it', () => {
    const set = { level: 'low', by: 'Dr. A', at: minutesLater(5).toISOString() } as const;
    const stat = { orders: [{ priority: 'STAT' }] } as const;
    expect(levelOf({ ...stat, set })).toBe('low');
    expect(levelOf({ set: { ...set, level: 'critical' } })).toBe('critical');
    expect(levelOf({ ...stat, set, findings: [finding('pneumonia')] })).toBe('low');
    expect(levelOf({ set, findings: [finding('pneumothorax', { found_at: minutesLater(6).toISOString() })] })).toBe('critical');
    expect(levelOf({ set, findings: [finding('nodule', { found_at: minutesLater(6).toISOString() })] })).toBe('low');
    expect(levelOf({ set }, DEFAULT_TARGETS.low + 1)).toBe('urgent');
    expect(prioritize({ ...NOTHING, ...stat, set }, DEFAULT_TARGETS, minutesLater(6)).reasons.map(({ kind }) => kind)).toEqual([
      'person',
      'order',
    ]);
  });
});
