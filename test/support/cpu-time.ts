/** Milliseconds of processor that a piece of work takes: unlike the time on the clock, no more on a machine that is busy with others. */
export function cpuTimeOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
