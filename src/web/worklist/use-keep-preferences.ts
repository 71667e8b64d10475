import { useMutation, useQueryClient } from '@tanstack/react-query';
import { putReadingPreferences, type ReadingPreferences } from '../../contract/reading-list.ts';
import { call } from '../api.ts';
import { showProblem } from '../ui/toast.ts';
import { putPreferences } from './worklist-queries.ts';

/** Keeps columns and views: shown at once, and on the server a moment later. */
export function useKeepPreferences(): (preferences: ReadingPreferences) => void {
  const queryClient = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (preferences: ReadingPreferences) => call(putReadingPreferences, { body: preferences }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['reading-list', 'counts'] }),
    onError: (error) => showProblem(error),
  });
  return (preferences) => {
    putPreferences(queryClient, preferences);
    mutate(preferences);
  };
}
