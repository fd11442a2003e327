/** Turns the paths of a trace into a tree of boxes: one path in full, and where the others leave it. */
import type { Location, Stage, Trace, TraceHop, TracePath, TraceStep } from '../../server/src/protocol/trace';
import { decidingStep } from '../../server/src/protocol/decidingStep';
import { proxyWords } from './proxyWords';
import { toneOf, type Tone } from './toneOf';
import { word } from './words';

export type BoxKind =
  | 'proxy'
  | 'listener'
  | 'filterChain'
  | 'routeConfiguration'
  | 'virtualHost'
  | 'route'
  | 'workload'
  | 'service'
  | 'policy'
  | 'cluster'
  | 'endpoint'
  | 'mirror'
  | 'outcome';

export interface WayBox {
  id: string;
  kind: BoxKind;
  name: string;
  detail: string;
  at?: Location;
  parent?: WayBox;
  children: WayBox[];
  /** Indices of the paths that go through it. */
  paths: number[];
  /** Written on the line that leads here. */
  edge: string;
  /** Of an outcome. */
  tone?: Tone;
}

/** What one path contributes, before it is joined with the others. */
type Segment = Pick<WayBox, 'kind' | 'name' | 'detail' | 'at'> & { edge?: string; tone?: Tone };

/**
 * The boxes of the path `chosen`, and of each other path of `indices` what leads to where it parts from that one; parents before children.
 */
export function buildWay(trace: Trace, indices: readonly number[], chosen: number): WayBox[] {
  const boxes: WayBox[] = [];
  const known = new Map<string, WayBox>();
  const onChosen = new Set(keyedSegments(trace.paths[chosen]).map(([key]) => key));
  for (const index of indices) {
    let parent: WayBox | undefined;
    for (const [key, segment] of keyedSegments(trace.paths[index])) {
      const box = known.get(key) ?? addBox(boxes, segment, parent);
      known.set(key, box);
      box.paths.push(index);
      if (!onChosen.has(key)) break;
      // A mirror hangs beside the way, nothing follows it.
      if (segment.kind !== 'mirror') parent = box;
    }
  }
  return boxes;
}

/** Segments are the same box when all that leads to them is the same, too. */
function keyedSegments(path: TracePath | undefined): [key: string, segment: Segment][] {
  let way = '';
  return (path ? segmentsOfPath(path) : []).map((segment) => {
    const key = `${way}\n${JSON.stringify([segment.kind, segment.name])}`;
    if (segment.kind !== 'mirror') way = key;
    return [key, segment];
  });
}

function addBox(boxes: WayBox[], segment: Segment, parent: WayBox | undefined): WayBox {
  const box: WayBox = {
    id: String(boxes.length),
    kind: segment.kind,
    name: segment.name,
    detail: segment.detail,
    children: [],
    paths: [],
    edge: segment.edge ?? '',
    ...(segment.tone && { tone: segment.tone }),
    ...(segment.at && { at: segment.at }),
    ...(parent && { parent }),
  };
  parent?.children.push(box);
  boxes.push(box);
  return box;
}

function segmentsOfPath(path: TracePath): Segment[] {
  const segments: Segment[] = [];
  path.hops.forEach((hop, index) => {
    const before = path.hops[index - 1];
    const ofHop = segmentsOfHop(hop, hop.proxy !== before?.proxy);
    const [first] = ofHop;
    if (first && before) first.edge = edgeBetween(before);
    segments.push(...ofHop);
  });
  if (path.disposition !== 'upstream') segments.push(outcomeOf(path));
  return segments;
}

/** proxy → listener → filter chain → route → cluster → endpoint, as far as the hop came. */
function segmentsOfHop(hop: TraceHop, isNewProxy: boolean): Segment[] {
  const placeOf = (...stages: Stage[]) => hop.steps.findLast((step) => stages.includes(step.stage) && step.at)?.at;
  const makerOf = (...stages: Stage[]) => hop.steps.findLast((step) => stages.includes(step.stage) && step.madeBy !== undefined)?.madeBy;
  const segments: Segment[] = [];
  const add = (kind: BoxKind, name: string | undefined, detail: string, at: Location | undefined) => {
    if (name !== undefined) segments.push({ kind, name, detail, ...(at && { at }) });
  };
  if (isNewProxy) add('proxy', ...proxyWords(hop), placeOf('next_proxy') ?? hop.steps.find((step) => step.at)?.at);
  add('listener', hop.listener, hop.acceptedBy === undefined ? '' : word('acceptedBy', hop.acceptedBy), placeOf('listener'));
  add('filterChain', chainName(hop), chainDetail(hop), placeOf('filter_chain'));
  add('routeConfiguration', hop.routeConfiguration, '', placeOf('route_configuration'));
  add('virtualHost', hop.virtualHost, '', placeOf('virtual_host'));
  add('route', hop.route && (hop.route.name || word('unnamed', hop.route.index)), makerOf('route') ?? '', placeOfRoute(hop));
  if (hop.kind === 'ztunnel') segments.push(...ztunnelSegments(hop));
  add(
    'cluster',
    hop.cluster,
    [hop.member, makerOf('cluster')].filter(Boolean).join(' · '),
    hop.steps.find((step) => step.stage === 'cluster' && step.at)?.at,
  );
  for (const mirror of hop.mirrors ?? []) add('mirror', mirror.cluster, '', undefined);
  add('endpoint', hop.endpoint?.address, endpointDetail(hop), placeOf('endpoint', 'priority') ?? placeOf('cluster'));
  return segments;
}

/** The route that took the request in the end, not what was decided in it afterwards. */
function placeOfRoute({ steps }: TraceHop): Location | undefined {
  const host = steps.findLastIndex(({ stage }) => stage === 'virtual_host');
  return steps.slice(host + 1).find(({ stage, at }) => stage === 'route' && at)?.at;
}

/** A ztunnel has no filter chains: its workloads, services and policies decided. The last workload is where the connection goes. */
function ztunnelSegments(hop: TraceHop): Segment[] {
  const { steps } = hop;
  const last = steps.findLast(({ stage }) => stage === 'workload');
  return steps.flatMap((step): Segment[] => {
    const { stage, at } = step;
    if (stage !== 'workload' && stage !== 'service' && stage !== 'policy') return [];
    const told = splitDecision(step);
    const whole = stage === 'service' ? hop.service : step === last ? hop.workload : undefined;
    const through = step === last && hop.through ? word(hop.through === 'waypoint' ? 'throughWaypoint' : 'throughGateway') : '';
    const detail = [through, told.detail].filter(Boolean).join(' · ');
    return [{ kind: stage, name: whole?.endsWith(told.name) ? whole : told.name, detail, ...(at && { at }) }];
  });
}

/** "workload `sleep` sends" is the name and what it does; a decision without a name is a name by itself. */
function splitDecision({ decision, stage }: TraceStep): { name: string; detail: string } {
  const [, before = '', name, after = ''] = /^([^`]*)`([^`]*)`(.*)$/.exec(decision) ?? [];
  if (name === undefined) return { name: decision, detail: '' };
  const words = [before.trim(), after.replaceAll('`', '').trim()].filter((each) => !['', stage, `the ${stage}`].includes(each));
  return { name, detail: words.join(' … ') };
}

function chainName({ filterChain }: TraceHop): string | undefined {
  if (!filterChain) return undefined;
  if (filterChain.index === null) return filterChain.name || word('defaultFilterChain');
  return filterChain.name || word('unnamed', filterChain.index);
}

function chainDetail({ protocol, terminatesTunnel, downstream }: TraceHop): string {
  return [protocol, downstream.transport === 'tls' ? 'TLS' : '', terminatesTunnel ? word('tunnelEnds') : ''].filter(Boolean).join(' · ');
}

function endpointDetail({ endpoint, upstream }: TraceHop): string {
  if (!endpoint) return '';
  return [endpoint.health, endpoint.locality, upstream?.transport === 'tls' ? 'TLS' : '', endpoint.unseen].filter(Boolean).join(' · ');
}

function edgeBetween({ upstream }: TraceHop): string {
  return upstream?.tunnel ? word('tunnelTo', upstream.tunnel.authority) : '';
}

function outcomeOf(path: TracePath): Segment {
  const { response, disposition } = path;
  const last = decidingStep(path);
  const detail = [response?.code, response?.flags?.join(','), response?.details, response?.location].filter(Boolean).join(' · ');
  return { kind: 'outcome', name: disposition.replaceAll('_', ' '), detail, tone: toneOf(disposition), ...(last?.at && { at: last.at }) };
}
