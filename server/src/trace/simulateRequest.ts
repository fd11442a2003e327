/** Where does this request go, and why not there? Runs every path of a request through the proxies of a snapshot. */
import type { Trace, TraceRequest } from '../protocol/trace';
import { Choices, MAX_PATHS } from './choices';
import { startAtCluster } from './cluster/startAtCluster';
import { copyConnection, type Layer } from './facts/connection';
import { chooseFilterChain } from './filterChain/chooseFilterChain';
import type { Arrival, Assumption, Hop, HopResult, HopState, StageFunction } from './hop';
import { goOnce } from './hopState';
import { startAtRoutes } from './http/routeConfiguration/startAtRoutes';
import { acceptConnection } from './listener/acceptConnection';
import { handOver } from './listener/handOver';
import { runListenerFilters } from './listener/runListenerFilters';
import { closedBeforeTls } from './network/closeEarly';
import { runNetworkFilters } from './network/runNetworkFilters';
import { answerBrokenUpstream } from './answerBrokenUpstream';
import { connectionOnWire } from './facts/connectionOnWire';
import { cannotTell, ending, type Ending, type HopRecord, type Step } from './record/hopRecord';
import { noteLosses } from './noteLosses';
import { renderTrace } from './renderTrace';
import { say, type Sentence } from './record/sentence';
import { startOf, type Start } from './request/startOf';
import { terminateTransport } from './transport/terminateTransport';
import { verifyServer } from './upstream/verifyServer';
import { passZtunnel } from './ztunnel/passZtunnel';
import type { Snapshot } from '../index/snapshot';
import type { Simulation, SimulatedPath } from './simulation';

/** Traces a request: all stages, all branches, in words and places. Never throws for what the files hold. */
export function simulateRequest(snapshot: Snapshot, request: TraceRequest): Trace {
  return renderTrace(simulate(snapshot, request));
}

/** The same without words: for callers that read decisions only. */
export function simulate(snapshot: Snapshot, request: TraceRequest): Simulation {
  const paths: SimulatedPath[] = [];
  const notes = new Set<string>();
  let truncated = false;
  const { starts, notes: startNotes } = startOf(snapshot, request);
  startNotes.forEach((note) => notes.add(note));
  for (const start of starts) {
    for (let choices: Choices<HopState> | undefined = new Choices<HopState>(); choices;) {
      paths.push(runPath(snapshot, request, { start, choices }));
      choices.notes.forEach((note) => notes.add(note));
      truncated ||= choices.truncated;
      choices = choices.next();
      if (paths.length >= MAX_PATHS && choices) {
        truncated = true;
        notes.add(`only the first ${MAX_PATHS} paths were followed`);
        break;
      }
    }
  }
  return { request, paths, truncated, notes: [...notes] };
}

/** What happens to a connection in one Envoy, in Envoy's order, before its network filters: the HTTP stages run inside those, the cluster stages inside their last one. */
const CONNECTION_STAGES: readonly StageFunction[] = [
  startAtCluster,
  startAtRoutes,
  acceptConnection,
  runListenerFilters,
  handOver,
  chooseFilterChain,
  noteDownstream,
  verifyServer,
  openTransport,
];

function openTransport(hop: Hop): HopResult | undefined {
  const result = terminateTransport(hop);
  return result && (closedBeforeTls(hop, result) ?? result);
}

const MAX_HOPS = 32;

const CIRCLE = say`the same listener was entered before with the same facts`;
const SPIRAL = say`the same listener is entered again and again, each time with other facts`;
const MANY: Step = {
  stage: 'listener',
  decision: say`the connection is followed no further`,
  because: say`it has passed ${MAX_HOPS} listeners`,
};

interface Stop {
  readonly step: Step;
  readonly ending: Ending;
}

function inCircle(because: Sentence): Stop {
  return { step: { stage: 'listener', decision: say`the connection goes in a circle`, because }, ending: ending('loop') };
}

/** No circle, as long as every listener is another. */
function afterManyHops(hops: readonly { readonly arrival: Arrival }[]): Stop {
  const places = hops.map(({ arrival }) => placeKey(arrival));
  if (new Set(places).size < places.length) return inCircle(SPIRAL);
  return { step: MANY, ending: cannotTell(say`the way behind ${MAX_HOPS} listeners: trace on from the last of them`) };
}

/** The listener that would be entered once more, as the pass before has it. */
function nameListener(record: HopRecord, arrival: Arrival, hops: readonly { arrival: Arrival; record: HopRecord }[]): void {
  const place = placeKey(arrival);
  const before = hops.find((hop) => hop.record !== record && placeKey(hop.arrival) === place)?.record;
  if (before?.acceptedBy !== undefined) record.acceptedBy = before.acceptedBy;
  const name = before?.listener ?? (arrival.kind === 'internal' ? arrival.listenerName : undefined);
  if (name !== undefined) record.listener = name;
}

function runPath(
  snapshot: Snapshot,
  request: TraceRequest,
  { start, choices }: { start: Start; choices: Choices<HopState> },
): SimulatedPath {
  const hops: { arrival: Arrival; record: HopRecord }[] = [];
  let result: HopResult = start.result;
  let assumed: Assumption | undefined = start.assumed;
  while (result.kind === 'onward') {
    const arrival: Arrival = result.arrival;
    const record: HopRecord = { steps: [] };
    const isCircle = hops.some((before) => isSameArrival(before.arrival, arrival));
    hops.push({ arrival, record });
    const stop = isCircle ? inCircle(CIRCLE) : hops.length > MAX_HOPS ? afterManyHops(hops) : undefined;
    if (stop) {
      record.steps.push(stop.step);
      nameListener(record, arrival, hops);
      result = stop.ending;
      break;
    }
    const hop: Hop = {
      snapshot,
      proxy: arrival.proxy,
      request,
      choices,
      arrival,
      connection: copyConnection(arrival.connection),
      record,
      assumed,
      isFirst: hops.length === 1,
    };
    result = runHop(hop);
    noteDownstream(hop);
    noteLosses(hop);
    assumed = undefined;
  }
  return { probability: choices.probability, branches: choices.branches, ending: answerBrokenUpstream(result, hops), hops };
}

function runHop(hop: Hop): HopResult {
  if (hop.arrival.kind === 'ztunnel') return passZtunnel(hop);
  return goOnce(hop, () => openConnection(hop)) ?? runNetworkFilters(hop) ?? ending('closed');
}

function openConnection(hop: Hop): HopResult | undefined {
  for (const stage of CONNECTION_STAGES) {
    const result = stage(hop);
    if (result) return result;
  }
  return undefined;
}

/** Keeps what arrived, once the listener filters have run and before anything is taken off. */
function noteDownstream(hop: Hop): undefined {
  hop.record.downstream ??= connectionOnWire(hop.connection);
}

/** Where a connection arrives. */
function placeOf(arrival: Arrival): readonly unknown[] {
  const listener = arrival.kind === 'internal' ? arrival.listenerName : arrival.kind === 'socket' ? arrival.capture : arrival.direction;
  return [arrival.proxy.id, arrival.kind, listener, arrival.connection.destination];
}

function placeKey(arrival: Arrival): string {
  return JSON.stringify(placeOf(arrival));
}

/** Two arrivals that are the same would do the same again. */
function isSameArrival(one: Arrival, other: Arrival): boolean {
  return one.proxy === other.proxy && one.kind === other.kind && arrivalKey(one) === arrivalKey(other);
}

function arrivalKey(arrival: Arrival): string {
  const { connection } = arrival;
  return JSON.stringify([
    ...placeOf(arrival),
    connection.source,
    connection.layers.map(layerKey),
    [...connection.metadata],
    [...connection.filterState],
  ]);
}

/** Without what the sender expects of the server: those are nodes, behind each of which stands a whole file. */
function layerKey(layer: Layer): unknown {
  if (layer.kind === 'proxy_header') return [layer.version, layer.source, layer.destination, layer.tlvs.list];
  if (layer.kind !== 'tls') return layer.request;
  const { expects: _, ...said } = layer;
  return said;
}
