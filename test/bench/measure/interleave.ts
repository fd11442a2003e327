/** Measures several tasks in turn, so that whatever disturbs the machine disturbs all of them alike. */

export interface Timing {
  readonly task: string;
  /** Milliseconds: the median, and the quarters around it. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

export type Tasks = Readonly<Record<string, () => unknown>>;

/** Every round runs every task once, on a collected heap. The first rounds warm up and do not count. */
export function interleave(tasks: Tasks, rounds: number, warmUp = 2): Map<string, Timing> {
  const times = new Map<string, number[]>(Object.keys(tasks).map((task) => [task, []]));
  for (let round = -warmUp; round < rounds; round++)
    for (const [task, run] of Object.entries(tasks)) {
      collectGarbage();
      const spent = timeOf(run);
      if (round >= 0) times.get(task)?.push(spent);
    }
  return new Map([...times].map(([task, spent]) => [task, summarize(task, spent)]));
}

/** Milliseconds of one run. */
export function timeOf(run: () => unknown): number {
  const start = performance.now();
  keep(run());
  return performance.now() - start;
}

/** Milliseconds of processor time, all threads: what does not depend on who else is busy, for figures that are no ratios. */
export function processorTimeOf(run: () => unknown): number {
  const start = process.cpuUsage();
  keep(run());
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

export function summarize(task: string, times: readonly number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b);
  return { task, median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75), rounds: sorted.length };
}

export function median(times: readonly number[]): number {
  return summarize('', times).median;
}

/** Of sorted numbers; the nearest rank. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Bytes that stay alive because of what `make` gives: heap and buffers, after collection. */
export function retainedBytes(make: () => unknown): number {
  const before = liveBytes();
  const kept = make();
  const after = liveBytes();
  keep(kept);
  return after - before;
}

/** Collected until nothing more goes: buffers of what is gone are given back a while later. */
function liveBytes(): number {
  const SETTLED = 16_384;
  let before = Infinity;
  for (let round = 0; round < 20; round++) {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    if (Math.abs(heapUsed + external - before) < SETTLED) break;
    before = heapUsed + external;
  }
  return before;
}

function collectGarbage(): void {
  if (!globalThis.gc) throw new Error('run with --expose-gc');
  globalThis.gc();
}

let sink: unknown;

/** Keeps the engine from leaving out work whose result nobody reads. */
function keep(result: unknown): void {
  sink = result;
  if (sink === keep) throw new Error('unreachable');
}
