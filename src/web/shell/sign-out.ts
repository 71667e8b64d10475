import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { logout } from '../../contract/identity.ts';
import { call } from '../api.ts';
import { forgetFrames } from '../viewer/forget-frames.ts';

/** Ends the session and drops everything that was loaded under it. */
export function useSignOut() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => call(logout),
    onSettled: async () => {
      forgetFrames();
      queryClient.clear();
      await navigate({ to: '/sign-in', search: {} });
    },
  });
}
