import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Ticks of `utime` and `stime`: USER_HZ, 100 on every Linux that Node runs on (proc(5)). */
const TICKS_PER_SECOND = 100;

/** CPU time that a process has used, all its threads and the kernel's work for them, in seconds. */
export function cpuSecondsOf(pid: number): number {
  const fields = fieldsOf(pid);
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory now and at its highest since `forgetPeak`, in MB (1,000,000 bytes). */
export function memoryOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const megabytes = (field: string): number => (Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024) / 1e6;
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** Starts the peak anew from what is resident now (proc(5), clear_refs 5). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** CPU time that the whole machine has spent on anything, the hypervisor's share for others included, in seconds. */
export function busySecondsOfMachine(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (
    /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1] ?? ''
  )
    .split(' ')
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

/** CPU time of this process and of all descendants that have ended, in seconds. */
export function ownCpuSeconds(): number {
  return (
    fieldsOf('self')
      .slice(11, 15)
      .reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND
  );
}

/** CPU time of a process, of all its descendants that run, and of those of each that have ended and were waited for, in seconds. */
export function cpuSecondsOfTree(root: number): number {
  const processes = readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [{ pid: Number(name), fields: fieldsOf(Number(name)) }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
  const tree = new Set([root]);
  // A child may stand before its parent: until nothing is added.
  for (let size = 0; size < tree.size; ) {
    size = tree.size;
    for (const { pid, fields } of processes) if (tree.has(Number(fields[1]))) tree.add(pid);
  }
  const ticks = processes.flatMap(({ pid, fields }) => (tree.has(pid) ? fields.slice(11, 15).map(Number) : []));
  return ticks.reduce((sum, some) => sum + some, 0) / TICKS_PER_SECOND;
}

/** Fields 3 and on of proc(5)'s stat: the name in parentheses before them may hold spaces. */
function fieldsOf(pid: number | 'self'): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
