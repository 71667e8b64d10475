import { type QueryKey, type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { showProblem, showToast } from '../ui/toast.ts';

type Act<R, T> = {
  run: (input: T) => Promise<R>;
  /** What to load anew. */
  refreshes: readonly QueryKey[];
  /** What to say when it is done. */
  said?: (input: T) => string;
  /** Takes it back. */
  undo?: (input: T) => unknown;
};

/** One click that does something: says in a toast what was done, with the way back if there is one, or why it was not. */
export function useAct<R, T = void>({ run, refreshes, said, undo }: Act<R, T>): UseMutationResult<R, Error, T> {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async (_result, input) => {
      await Promise.all(refreshes.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
      if (said) showToast({ text: said(input), ...(undo ? { undo: () => undo(input) } : {}) });
    },
    onError: (error) => showProblem(error),
  });
}
