import { expect, it } from 'vitest';
import { staleAfter } from './stale-queries.ts';

it('a signed report makes the list, its study and the reports of the study stale, and no other study', () => {
  expect(staleAfter('report_signed', 'study:2.25.1', { study_instance_uid: '2.25.1', report_id: 'r' })).toEqual([
    { queryKey: ['reading-list'] },
    { queryKey: ['studies'] },
    { queryKey: ['study', '2.25.1'], exact: true },
    { queryKey: ['study', '2.25.1', 'reports'] },
  ]);
});

it('the work of an agent makes the state of its diagnosis stale, not its results', () => {
  expect(staleAfter('agent_status', 'diagnosis:d', { diagnosis_id: 'd' })).toEqual([{ queryKey: ['diagnosis', 'd', 'status'] }]);
});

it('an event that a newer server tells of makes everything of its topic stale', () => {
  expect(staleAfter('study_weighed', 'study:2.25.1', {})).toContainEqual({ queryKey: ['study', '2.25.1'] });
  expect(staleAfter('toString', 'system', {})).toEqual([]);
});
