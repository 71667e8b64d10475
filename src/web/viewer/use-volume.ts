import { useEffect, useState, useSyncExternalStore } from 'react';
import type { BuiltVolume } from './engine/volumes.ts';
import { engineEpoch, whenEpochBegins } from './engine-epoch.ts';
import { isCancelled } from './frame-queue.ts';
import type { FrameSource } from './frame-source.ts';

export type LoadedVolume = BuiltVolume;
export type VolumeState =
  | { status: 'loading'; progress: number }
  | { status: 'ready'; volume: LoadedVolume }
  /** `no-webgl`: this browser cannot draw volumes; `no-volume`: the series is none. */
  | { status: 'impossible'; reason: 'no-webgl' | 'no-volume' }
  | { status: 'failed'; error: unknown };

/** The volume of a series, for as long as it is shown; what is still being loaded when it goes is cancelled. */
export function useVolume(frames: readonly FrameSource[]): { state: VolumeState; retry: () => void } {
  const [state, setState] = useState<VolumeState>({ status: 'loading', progress: 0 });
  const [attempt, setAttempt] = useState(0);
  // The textures of a volume go with the engine that made them.
  const epoch = useSyncExternalStore(whenEpochBegins, engineEpoch);
  // biome-ignore lint/correctness/useExhaustiveDependencies: built again when it is tried again, and on a new engine
  useEffect(() => {
    const controller = new AbortController();
    let built: BuiltVolume | undefined;
    const load = async () => {
      setState({ status: 'loading', progress: 0 });
      const [{ drawsVolumes }, { buildVolume }] = await Promise.all([import('./engine/engine.ts'), import('./engine/volumes.ts')]);
      if (!drawsVolumes()) return setState({ status: 'impossible', reason: 'no-webgl' });
      const onProgress = (progress: number) => !controller.signal.aborted && setState({ status: 'loading', progress });
      built = await buildVolume(frames, { onProgress, signal: controller.signal });
      if (controller.signal.aborted) built?.close();
      else setState(built ? { status: 'ready', volume: built } : { status: 'impossible', reason: 'no-volume' });
    };
    load().catch((error: unknown) => {
      if (!isCancelled(error) && !controller.signal.aborted) setState({ status: 'failed', error });
    });
    return () => {
      controller.abort();
      built?.close();
    };
  }, [frames, attempt, epoch]);
  return { state, retry: () => setAttempt((before) => before + 1) };
}
