/** Puts a simulation into the contract's JSON: sentences are joined and places are looked up here and nowhere else. */
import type { HeaderChanges, Trace, TraceEndpoint, TraceHop, TracePath, TraceResponse, TraceStep } from '../protocol/trace';
import { formatAddress } from '../model/address';
import { getOrMake } from '../text/getOrMake';
import { replayChanges } from './http/recordHeaderChange';
import type { EndpointRecord, HopRecord, Rejected, Step } from './record/hopRecord';
import { locationOf } from './record/locationOf';
import { makerOf } from './record/makerOf';
import { renderSentence } from './record/sentence';
import type { SimulatedPath, Simulation } from './simulation';

const MAX_REJECTED = 100;

/** Paths by probability (unknown last), then in file order. */
export function renderTrace(simulation: Simulation): Trace {
  // Paths share the steps before the place where they part.
  const rendered = new Map<Step, TraceStep>();
  const render: StepRenderer = (step) => getOrMake(rendered, step, () => renderStep(step));
  const paths = simulation.paths.map((path) => renderPath(path, render));
  const order = paths.map((path, index) => ({ path, index }));
  order.sort((a, b) => (b.path.probability ?? -1) - (a.path.probability ?? -1) || a.index - b.index);
  return {
    version: 1,
    request: simulation.request,
    paths: order.map(({ path }) => path),
    truncated: simulation.truncated,
    notes: [...simulation.notes],
  };
}

type StepRenderer = (step: Step) => TraceStep;

function renderPath({ probability, branches, ending, hops }: SimulatedPath, render: StepRenderer): TracePath {
  const response = responseOf(
    ending.response,
    hops.map(({ record }) => record),
  );
  return {
    probability,
    branches: branches.map(({ kind, value, probability: share, at }) => ({
      kind,
      value,
      probability: share,
      ...(at && { at: locationOf(at) }),
    })),
    disposition: ending.disposition,
    ...(response && { response }),
    ...(ending.missing && { missing: ending.missing.map(renderSentence) }),
    hops: hops.map(({ arrival: { proxy, kind }, record }) => ({
      kind: kind === 'ztunnel' ? 'ztunnel' : 'envoy',
      proxy: proxy.id,
      ...renderHop(record),
      steps: record.steps.map(render),
    })),
  };
}

/** The innermost client's response: the ending's, and the header changes of every hop on the way back. */
function responseOf(response: SimulatedPath['ending']['response'], records: readonly HopRecord[]): TraceResponse | undefined {
  const headers = joinHeaderChanges(records.flatMap((record) => (record.responseHeaders ? [record.responseHeaders] : [])));
  if (!response && !headers) return undefined;
  return { ...response, ...(response?.flags && { flags: [...response.flags] }), ...(headers && { headers }) } as TraceResponse;
}

/** The last hop answers first, so its changes come first. */
function joinHeaderChanges(changes: readonly HeaderChanges[]): HeaderChanges | undefined {
  const joined: HeaderChanges = { set: [], append: [], remove: [] };
  for (const each of [...changes].reverse()) replayChanges(joined, each);
  const { set, append, remove, uncertain = [] } = joined;
  return set.length + append.length + remove.length + uncertain.length > 0 ? joined : undefined;
}

function renderHop(record: HopRecord): Omit<TraceHop, 'kind' | 'proxy' | 'steps'> {
  const { steps: _steps, endpoint, downstream, responseHeaders: _headers, endsTls: _tls, ...fields } = record;
  return { downstream: downstream ?? {}, ...fields, ...(endpoint && { endpoint: renderEndpoint(endpoint) }) };
}

function renderEndpoint({ address, unseen, ...rest }: EndpointRecord): TraceEndpoint {
  return { address: formatAddress(address), ...rest, ...(unseen && { unseen: renderSentence(unseen) }) };
}

function renderStep({ stage, decision, because, at, rejected = [], assumed, onAnswer }: Step): TraceStep {
  const madeBy = at && makerOf(at);
  return {
    stage,
    decision: renderSentence(decision),
    because: renderSentence(because),
    ...(assumed && { assumed }),
    ...(onAnswer && { onAnswer }),
    ...(at && { at: locationOf(at) }),
    ...(madeBy !== undefined && { madeBy }),
    rejected: rejected.slice(0, MAX_REJECTED).map(renderRejected),
    rejectedTotal: rejected.length,
  };
}

function renderRejected({ candidate, because, at }: Rejected): TraceStep['rejected'][number] {
  return { candidate: renderSentence(candidate), because: renderSentence(because), ...(at && { at: locationOf(at) }) };
}
