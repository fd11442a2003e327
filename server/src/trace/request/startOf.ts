/** Where a request enters: the proxy, the way of interception and the first facts, by the rules of the trace contract. */
import type { TraceRequest } from '../../protocol/trace';
import type { Snapshot } from '../../index/buildSnapshot';
import type { Assumption, HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say } from '../record/sentence';

export interface Start {
  /** The first arrival, or the reason why there is none. */
  readonly result: HopResult;
  readonly assumed?: Assumption;
}

/** Usually one start; several when the files give a host name several destinations. */
export function startOf(snapshot: Snapshot, request: TraceRequest): { starts: Start[]; notes: string[] } {
  void snapshot;
  void request;
  return { starts: [{ result: cannotTell(say`where the request enters`) }], notes: [] };
}
