import { type QueryKey, type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../api.ts';
import { strings } from '../strings/strings.ts';
import { showToast } from '../ui/toast.ts';

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
    onError: (error) => showToast({ text: textOf(error), tone: 'critical' }),
  });
}

function textOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return strings.common.unknownProblem;
  const id = error.requestId ? ` (${strings.common.requestId} ${error.requestId})` : '';
  return `${error.title}. ${error.detail}${id}`;
}
