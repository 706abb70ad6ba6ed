import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel knows of a process. */
export interface ProcessFigures {
  /** Microseconds on a CPU, all threads. */
  readonly cpuUs: number;
  /** Microseconds of it that the compiler's threads took. */
  readonly compilerUs: number;
  /** Voluntary context switches, all threads. */
  readonly switches: number;
  readonly residentMiB: number;
  readonly peakMiB: number;
}

/** Reads the figures of a running process on Linux. */
export function readFigures(pid: number): ProcessFigures {
  let cpuNs = 0;
  let compilerNs = 0;
  let switches = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      const ns = Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
      cpuNs += ns;
      if (readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8').startsWith('JITWorker')) compilerNs += ns;
      const status = readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8');
      switches += Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    } catch {
      // a thread that has just ended takes its figures along
    }
  }
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
  return {
    cpuUs: cpuNs / 1000,
    compilerUs: compilerNs / 1000,
    switches,
    residentMiB: mib('VmRSS'),
    peakMiB: mib('VmHWM'),
  };
}

/** Sets the peak memory of a process back to what it uses now. */
export function resetPeak(pid: number): void {
  Bun.write(`/proc/${pid}/clear_refs`, '5').catch(() => {});
}
