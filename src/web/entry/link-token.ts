/**
 * The secret of the link that led here. It stands behind the `#`, which browsers do not send, so that no log and no proxy sees it; it is taken
 * out of the address at once, so that it stays in no history.
 */
export function takeLinkToken(): string {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token') ?? '';
  if (token) window.history.replaceState(window.history.state, '', window.location.pathname);
  return token;
}
