import { execFile } from 'node:child_process';
import { readFile, statfs } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import type { Metrics } from '../../contract/metrics.ts';

const run = promisify(execFile);
const GPU_QUERY = ['--query-gpu=utilization.gpu', '--format=csv,noheader,nounits'];
const GPU_TIMEOUT_MS = 5_000;
/** The delay of the event loop is looked at this often, which is the least that it shows. */
const LOOP_RESOLUTION_MS = 10;

type OfMachine = Pick<Metrics, 'cpu_usage' | 'memory_usage' | 'gpu_usage' | 'event_loop_delay' | 'disk_usage' | 'disk_io'>;
/** Each call measures since the one before. */
export type Meter = { measure(): Promise<OfMachine>; close(): void };

/** @param dataDir whose file system is looked at */
export function openMeter(dataDir: string): Meter {
  const delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  delay.enable();
  let cpuBefore = cpuTimes();
  let ioBefore: { bytes: number; at: number } | undefined;
  let hasGpu = true;
  const gpu = async (): Promise<number | null> => {
    if (!hasGpu) return null;
    const usage = await gpuUsage();
    // A machine does not get one while it runs.
    hasGpu = usage !== null;
    return usage;
  };
  return {
    measure: async () => {
      const cpu = cpuTimes();
      const busy = share(cpu.busy - cpuBefore.busy, cpu.all - cpuBefore.all);
      cpuBefore = cpu;
      const bytes = await ioBytes();
      const at = performance.now();
      const disk_io = bytes === null || !ioBefore ? null : ((bytes - ioBefore.bytes) * 1_000) / Math.max(1, at - ioBefore.at);
      if (bytes !== null) ioBefore = { bytes, at };
      // Nanoseconds; it counts from the planned interval.
      const event_loop_delay = Math.max(0, delay.percentile(99) / 1e6 - LOOP_RESOLUTION_MS);
      delay.reset();
      const [gpu_usage, disk_usage] = await Promise.all([gpu(), diskUsage(dataDir)]);
      return { cpu_usage: busy, memory_usage: memoryUsage(), gpu_usage, event_loop_delay, disk_usage, disk_io };
    },
    close: () => {
      delay.disable();
    },
  };
}

function cpuTimes(): { busy: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  const all = times.reduce((sum, { user, nice, sys, idle: own, irq }) => sum + user + nice + sys + own + irq, 0);
  return { busy: all - idle, all };
}

/** Of what the process may use: a container's limit, or the machine. */
function memoryUsage(): number {
  const limit = process.constrainedMemory();
  const total = limit > 0 && limit < totalmem() ? limit : totalmem();
  return share(total - process.availableMemory(), total);
}

async function diskUsage(folder: string): Promise<number> {
  const { blocks, bavail } = await statfs(folder);
  return share(blocks - bavail, blocks);
}

/** Linux counts what a process has read from and written to storage. */
async function ioBytes(): Promise<number | null> {
  const text = await readFile('/proc/self/io', 'utf8').catch(() => '');
  const counts = [...text.matchAll(/^(?:read|write)_bytes: (\d+)$/gm)].map(([, count]) => Number(count));
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

/** The average of NVIDIA's GPUs; null where there is none, or it cannot be asked. */
async function gpuUsage(): Promise<number | null> {
  try {
    const { stdout } = await run('nvidia-smi', GPU_QUERY, { timeout: GPU_TIMEOUT_MS });
    const usages = stdout.split('\n').flatMap((line) => (/^\s*\d+\s*$/.test(line) ? [Number(line)] : []));
    return usages.length === 0 ? null : usages.reduce((sum, usage) => sum + usage, 0) / usages.length;
  } catch {
    return null;
  }
}

/** In percent. */
function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(100, Math.max(0, (100 * part) / whole));
}
