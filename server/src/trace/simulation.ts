/** All paths that a request may take. */
import type { TraceRequest } from '../protocol/trace';
import type { TakenBranch } from './choices';
import type { Arrival } from './hop';
import { type Ending, type HopRecord } from './record/hopRecord';

/** Everything that was found, not yet put into words. */
export interface Simulation {
  readonly request: TraceRequest;
  readonly paths: readonly SimulatedPath[];
  readonly truncated: boolean;
  readonly notes: readonly string[];
}

export interface SimulatedPath {
  readonly probability: number | null;
  readonly branches: readonly TakenBranch[];
  readonly ending: Ending;
  readonly hops: readonly { readonly arrival: Arrival; readonly record: HopRecord }[];
}
