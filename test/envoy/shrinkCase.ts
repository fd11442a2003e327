/** Makes a disagreement small: fewer requests, routes and conditions, as long as the real Envoy and the trace still differ. */
import fc from 'fast-check';
import { caseSeed } from './caseSeed';
import type { LabCase } from './labCase';
import type { LabOptions } from './options';
import { placeCase } from './placeCase';
import type { Recorder } from './recorder';
import { runBatch, type PairResult } from './runCases';

const BUDGET = { milliseconds: 8000, runs: 120 };

/** The smallest pair that was found within the budget; the given one where nothing smaller differs. */
export async function shrinkCase(
  { envoy, recorder, options }: { envoy: string; recorder: Recorder; options: LabOptions },
  arbitrary: fc.Arbitrary<LabCase>,
  pair: PairResult,
): Promise<PairResult> {
  let smallest = pair;
  let runs = 0;
  const deadline = Date.now() + BUDGET.milliseconds;
  const property = fc.asyncProperty(fc.noBias(arbitrary), async (given) => {
    if (runs++ > BUDGET.runs || Date.now() > deadline) return true;
    const { pairs } = await runBatch(envoy, recorder, [placeCase(given, pair.placed)]);
    const bad = pairs.find(({ verdict }) => verdict === pair.verdict);
    if (bad) smallest = bad;
    return bad === undefined;
  });
  await fc.check(property, { seed: caseSeed(options.seed, pair.placed.index), numRuns: 1 });
  return smallest;
}
