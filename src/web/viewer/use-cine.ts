import { useEffect, useRef, useState } from 'react';

export type Cine = {
  isPlaying: boolean;
  framesPerSecond: number;
  toggle: () => void;
  setSpeed: (framesPerSecond: number) => void;
  canPlay: boolean;
};
const FIRST_SPEED = 15;

/** Steps through the frames at a speed, until it is paused; a stack of one frame does not play. */
export function useCine(onStep: (step: number) => void, canPlay: boolean): Cine {
  const [isPlaying, setPlaying] = useState(false);
  const [framesPerSecond, setSpeed] = useState(FIRST_SPEED);
  const latest = useRef(onStep);
  latest.current = onStep;
  useEffect(() => {
    if (!isPlaying || !canPlay) return;
    const timer = setInterval(() => latest.current(1), 1000 / framesPerSecond);
    return () => clearInterval(timer);
  }, [isPlaying, canPlay, framesPerSecond]);
  return { isPlaying: isPlaying && canPlay, framesPerSecond, toggle: () => setPlaying((before) => !before), setSpeed, canPlay };
}
