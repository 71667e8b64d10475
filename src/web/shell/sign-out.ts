import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { logout } from '../../contract/identity.ts';
import { call } from '../api.ts';
import { endLive } from '../live/live.ts';
import { forgetFrames } from '../viewer/forget-frames.ts';

/** `idle`: nobody used the page, and whoever comes back goes on where they were. */
type SignOutReason = 'asked' | 'idle';

/** Ends the session and drops everything that was loaded under it. */
export function useSignOut() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (_because: SignOutReason) => {
      // First: a connection that the server ends tries to come back, and a question that comes after the session is refused.
      endLive();
      await queryClient.cancelQueries();
      return call(logout);
    },
    onSettled: async (_answer, _error, because) => {
      forgetFrames();
      queryClient.clear();
      await navigate({ to: '/sign-in', search: because === 'idle' ? { next: location.pathname, reason: 'idle' } : {} });
    },
  });
}
