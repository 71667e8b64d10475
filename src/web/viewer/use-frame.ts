import { useEffect, useRef, useState } from 'react';
import { loadFrame, type Picture } from './frame-cache.ts';

type ShownFrame = { url: string; picture: Picture };

/**
 * The picture at `url`. The one before stays until it is there, so that fast scrolling never flashes; afterwards the neighbours are
 * fetched, nearest first, until the reader moves on.
 */
export function useFrame(url: string, neighbours: readonly string[]): { shown: ShownFrame | null; error: unknown } {
  const [shown, setShown] = useState<ShownFrame | null>(null);
  const [error, setError] = useState<unknown>(null);
  const asked = useRef(0);
  const answered = useRef(0);
  const around = useRef(neighbours);
  around.current = neighbours;

  useEffect(() => {
    let current = true;
    const ticket = ++asked.current;
    const load = async () => {
      try {
        const picture = await loadFrame(url);
        // Answers may overtake each other; an older one never replaces a newer one.
        if (ticket > answered.current) {
          answered.current = ticket;
          setShown({ url, picture });
        }
        if (current) setError(null);
        for (const next of around.current) if (current) await loadFrame(next).catch(() => {});
      } catch (problem) {
        if (current) setError(problem);
      }
    };
    void load();
    return () => {
      current = false;
    };
  }, [url]);
  return { shown, error };
}
