/** One timer that is told again and again what is waited for. */
export type Watchdog = {
  /** The time runs on while `key` stays the same, and starts anew when it changes; 0 stops it. */
  watch(key: string, delayMs: number): void;
  stop(): void;
};

export function openWatchdog(onExpire: () => void): Watchdog {
  let present = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    watch(key, delayMs) {
      if (key === present) return;
      present = key;
      clearTimeout(timer);
      timer = delayMs > 0 ? setTimeout(onExpire, delayMs) : undefined;
    },
    stop: () => clearTimeout(timer),
  };
}
