import { useEffect, useState } from 'react';

/**
 * The secret of the link that led here, and how to forget it. It stands behind the `#`, which browsers do not send, so that no log and no
 * proxy sees it; it is taken out of the address at once, so that it stays in no history.
 */
export function useLinkToken(): [token: string, forget: () => void] {
  const [token, setToken] = useState(takeToken);
  useEffect(() => {
    // Another link that is opened in the same page changes only what follows the `#`.
    const take = (): void => setToken((before) => takeToken() || before);
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return [token, () => setToken('')];
}

function takeToken(): string {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token') ?? '';
  if (token) window.history.replaceState(window.history.state, '', window.location.pathname);
  return token;
}
