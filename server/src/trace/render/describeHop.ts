/** A hop of a trace in one line: what a person would say of it, each name once. */
import { parseSpiffeId } from '../../model/istio/istioNames';
import { printable } from '../../protocol/printable';
import type { TraceConnection, TraceHop, TraceStep, TraceUpstream } from '../../protocol/trace';

/** `next`: the hop that follows, whose listener need not be told twice. Example: `virtualOutbound ⇒ 0.0.0.0_9080 › route jason › cluster outbound|… › 10.4.0.5:9080 (mTLS as default/sleep)` */
export function describeHop(hop: TraceHop, next?: TraceHop): string {
  const way = [
    listenerOf(hop),
    chainOf(hop),
    hop.terminatesTunnel ? describeTunnelEnd(hop) : undefined,
    ...routeOf(hop),
    ...ztunnelOf(hop),
    clusterOf(hop, next),
    endpointOf(hop, next),
    // Of a tunnel only: the path tells what the request itself is answered.
    hop.response?.code !== undefined && hop.response.code >= 400 ? `CONNECT answered ${hop.response.code}` : undefined,
    ...(hop.mirrors ?? []).map(({ cluster }) => `mirrored to ${cluster}`),
  ];
  return printable(way.filter((part) => part !== undefined && part !== '').join(' › ')) || '(nothing decided)';
}

/** How the bytes are sent on. Example: `HBONE: CONNECT 10.96.0.3:9080 as default/sleep`, `mTLS as default/sleep`, `TLS, SNI a.test`; '' for plain ones. */
export function describeSending({ upstream }: Pick<TraceHop, 'upstream'>): string {
  if (!upstream) return '';
  const sender = describeIdentity(upstream);
  if (upstream.tunnel) {
    const { method, authority } = upstream.tunnel;
    const isMesh = upstream.through === undefined && isHbone(upstream, method);
    return `${isMesh ? 'HBONE: ' : ''}${method} ${authority}${sender ? ` as ${sender}` : ''}${throughOf(upstream)}`;
  }
  if (upstream.through !== undefined) return throughOf(upstream).trim();
  if (upstream.transport !== 'tls') return upstream.transport === 'quic' ? 'QUIC' : '';
  return sender ? `mTLS as ${sender}` : `TLS${upstream.sni ? `, SNI ${upstream.sni}` : ''}`;
}

function throughOf({ through }: TraceUpstream): string {
  return through === undefined ? '' : ` through proxy ${through}`;
}

/** Example: `HBONE ends (CONNECT 10.96.0.3:9080 by default/sleep)` */
export function describeTunnelEnd({ downstream }: Pick<TraceHop, 'downstream'>): string {
  const { http } = downstream;
  const sender = describeIdentity(downstream);
  const asked = http ? `${http.method} ${http.authority}${sender ? ` by ${sender}` : ''}` : '';
  return `${isHbone(downstream, http?.method) ? 'HBONE' : 'tunnel'} ends${asked ? ` (${asked})` : ''}`;
}

/** The step that a reader of one line wants to see: what decided where the hop leads. */
export function tellingStep(hop: TraceHop): TraceStep | undefined {
  const placed = hop.steps.filter(({ at, onAnswer }) => at && onAnswer !== true);
  const stages = hop.terminatesTunnel ? [] : (['route', 'service', 'network_filter', 'workload'] as const);
  for (const stage of stages) {
    const found = placed.find((step) => step.stage === stage);
    if (found) return found;
  }
  return placed.at(-1);
}

function listenerOf({ acceptedBy, listener }: TraceHop): string | undefined {
  return acceptedBy !== undefined && acceptedBy !== listener ? `${acceptedBy} ⇒ ${listener ?? '?'}` : listener;
}

/** A first chain without a name tells nothing, and some have their cluster's name. */
function chainOf({ filterChain, route, cluster }: TraceHop): string | undefined {
  if (!filterChain || (filterChain.name !== '' && filterChain.name === cluster)) return undefined;
  if (filterChain.name) return `chain ${filterChain.name}`;
  if (filterChain.index === null) return 'chain (default)';
  return filterChain.index === 0 && (route ?? cluster) !== undefined ? undefined : `chain #${filterChain.index}`;
}

function routeOf({ virtualHost, route, cluster, terminatesTunnel, steps }: TraceHop): (string | undefined)[] {
  // Usually there is but one route for a CONNECT.
  if (terminatesTunnel) return route?.name ? [`route ${route.name}`] : [];
  const madeBy = steps.find(({ stage }) => stage === 'route')?.madeBy;
  // Istio joins names with tildes where it made the resource itself, of a Gateway API route: too long for a line.
  const maker = madeBy?.includes('~') === true ? undefined : madeBy;
  return [
    virtualHost !== undefined && !isToldByCluster(virtualHost, cluster) ? `host ${virtualHost}` : undefined,
    route && `route ${route.name || `#${route.index}`}${maker === undefined ? '' : ` (${maker})`}`,
  ];
}

/** Istio's virtual hosts are called `HOST:PORT`, as their clusters are. */
function isToldByCluster(virtualHost: string, cluster: string | undefined): boolean {
  const host = virtualHost.replace(/:\d+$/, '');
  return /^inbound\|http\|\d+$/.test(virtualHost) || cluster?.endsWith(`|${host}`) === true;
}

function ztunnelOf({ service, through, workload }: TraceHop): (string | undefined)[] {
  const kind = through === 'waypoint' ? 'waypoint' : through === 'network_gateway' ? 'network gateway' : 'workload';
  return [service === undefined ? undefined : `service ${service}`, workload === undefined ? undefined : `${kind} ${workload}`];
}

/** The cluster that leads into the next internal listener usually has its name. */
function clusterOf(hop: TraceHop, next: TraceHop | undefined): string | undefined {
  if (hop.cluster === undefined || hop.cluster === hop.listener || (leadsInside(hop, next) && hop.cluster === next?.listener))
    return undefined;
  return `cluster ${hop.cluster}${hop.member ? ` [${hop.member}]` : ''}`;
}

function endpointOf(hop: TraceHop, next: TraceHop | undefined): string | undefined {
  if (!hop.endpoint || leadsInside(hop, next)) return undefined;
  const sending = describeSending(hop).replace(/^HBONE/, hop.through === 'network_gateway' ? 'HBONE in HBONE' : 'HBONE');
  return sending ? `${hop.endpoint.address} (${sending})` : hop.endpoint.address;
}

function leadsInside({ proxy, endpoint }: TraceHop, next: TraceHop | undefined): boolean {
  return next?.proxy === proxy && endpoint?.address.startsWith('internal:') === true;
}

/** HTTP/2 CONNECT in mutual TLS. */
function isHbone({ transport, alpn, principals }: TraceConnection, method: string | undefined): boolean {
  return method === 'CONNECT' && transport === 'tls' && (alpn?.includes('h2') === true || (principals?.length ?? 0) > 0);
}

function describeIdentity({ principals }: TraceConnection): string {
  const [first = ''] = principals ?? [];
  const id = parseSpiffeId(first);
  return id ? `${id.namespace}/${id.serviceAccount}` : first;
}
