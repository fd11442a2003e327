/** Traces an observed request and compares. */
import { simulateRequest } from '../../server/src/trace/simulateRequest';
import { compareObservation, describeAgreement } from './compareObservation';
import type { ObservedRequest } from './observation';
import type { CaseResult } from './report';
import type { Snapshot } from '../../server/src/index/snapshot';

/** Does the trace of the request agree with what was observed? */
export function checkObserved(snapshot: Snapshot, observed: ObservedRequest): Pick<CaseResult, 'verdict' | 'because'> {
  const trace = simulateRequest(snapshot, observed.request);
  const agreement = compareObservation(trace, observed.outcomes);
  if (agreement.kind === 'not_comparable') return { verdict: 'not_checked', because: agreement.because };
  return { verdict: agreement.kind, because: agreement.kind === 'agree' ? undefined : describeAgreement(agreement) };
}
