const WIDTH = 28;

export type Progress = { show(done: number, total: number, label: string): void; end(): void };

/** A progress bar on the standard error stream; silent where that is no terminal. */
export function openProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return {
    show(done, total, label) {
      if (!stream.isTTY) return;
      const filled = total === 0 ? WIDTH : Math.round((WIDTH * done) / total);
      stream.write(`\r[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done}/${total} ${label}\u001b[K`);
    },
    end() {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
