/** The engine under test, as the suites call it. */
import type { Snapshot } from '../../server/src/index/buildSnapshot';
import type { Trace, TraceRequest } from '../../server/src/protocol/trace';
import { compareObservation, describeAgreement } from './compareObservation';
import { loadModule } from './loadModule';
import type { ObservedRequest } from './observation';
import type { CaseResult } from './report';

export interface Engine {
  readonly buildSnapshot: (files: { uri: string; text: string }[]) => Snapshot;
  readonly simulateRequest: (snapshot: Snapshot, request: TraceRequest) => Trace;
}

/** The engine, or undefined while it is not there. */
export async function loadEngine(): Promise<Engine | undefined> {
  const index = await loadModule<Pick<Engine, 'buildSnapshot'>>('index/buildSnapshot.ts');
  const trace = await loadModule<Pick<Engine, 'simulateRequest'>>('trace/simulateRequest.ts');
  return index && trace ? { buildSnapshot: index.buildSnapshot, simulateRequest: trace.simulateRequest } : undefined;
}

/** Traces an observed request and compares. */
export function checkObserved(engine: Engine, snapshot: Snapshot, observed: ObservedRequest): Pick<CaseResult, 'verdict' | 'because'> {
  const trace = engine.simulateRequest(snapshot, observed.request);
  const agreement = compareObservation(trace, observed.outcomes);
  if (agreement.kind === 'not_comparable') return { verdict: 'not_checked', because: agreement.because };
  return { verdict: agreement.kind, because: agreement.kind === 'agree' ? undefined : describeAgreement(agreement) };
}
