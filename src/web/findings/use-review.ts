import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Input } from '../../contract/endpoint.ts';
import { type Finding, reviewFinding } from '../../contract/findings.ts';
import { call } from '../api.ts';
import { findingsQuery } from '../queries.ts';

type Decision = Input<typeof reviewFinding>['body'];
/** Which form is open on the selected finding. */
export type ReviewMode = 'edit' | 'reject' | null;
type Review = { finding: Finding; decision: Decision };

/** Sends a decision and shows it at once where it was accepted; `onDecided` gets the finding as it was before. */
export function useReview(uid: string, onDecided: (before: Finding) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ finding, decision }: Review) => call(reviewFinding, { params: { id: finding.id }, body: decision }),
    onSuccess: (decided, { finding }) => {
      queryClient.setQueryData(findingsQuery(uid).queryKey, (before) =>
        before ? { items: before.items.map((item) => (item.id === decided.id ? decided : item)) } : before,
      );
      onDecided(finding);
    },
    // Not waited for: the next decision need not wait until everything else of the study is read anew.
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['study', uid] }),
  });
}

export type ReviewMutation = ReturnType<typeof useReview>;
