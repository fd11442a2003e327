/** Sidecar → HBONE → waypoint → node, beside what sidecars meet otherwise: headless services, failover between localities, a registry that is all there is. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { httpRequest, socketAddress, tcpProxy } from '../../generators/parts';
import type { JsonObject } from '../../labCase';
import { ambientBase, HOST, nodes, VIP, WAYPOINT_HBONE, waypointOf, waypointParts } from './ambientParts';
import { clientHttp, inboundOptions, REPEAT, servant } from './ingress';
import { authorization, istioPolicies } from '../proxies/istioPolicies';
import type { MeshCase, MeshProxy, MeshRequest } from '../meshCase';
import {
  assignment,
  automaticTls,
  edsCluster,
  HTTP2,
  internalHost,
  ISTIO_ALPN,
  nodeAt,
  originalDst,
  outboundName,
  SPEAKS_TLS,
  upstreamTls,
} from '../proxies/meshParts';
import { PLACES } from '../places/meshPlaces';
import { BARE_POD, LEDGER, STOCK } from '../proxies/services';
import { HTTP_PORT, sidecar, TCP_PORT, type InboundOptions, type OutboundService } from '../proxies/sidecar';
import { connectOriginate, ORIGINAL_DST_KEY } from '../proxies/waypoint';
import { passing } from '../proxies/ztunnel';

const OWN_TLS = upstreamTls({ alpn: ISTIO_ALPN, sni: 'outbound_.9080_._.any' });
const HBONE_TLS = upstreamTls({ alpn: ['h2'], peers: { prefix: 'spiffe://cluster.local/' } });

/** A host behind `connect_originate`: HBONE to a waypoint, or straight to the pod. */
function tunnelHost(local: string, waypoint: string | undefined): JsonObject {
  const original: JsonObject = waypoint === undefined ? { local } : { local, waypoint };
  const metadata = { filter_metadata: { [ORIGINAL_DST_KEY]: original, 'envoy.transport_socket_match': { tunnel: 'http' } } };
  return internalHost('connect_originate', { metadata }, waypoint ?? local);
}

function sidecarHost(): JsonObject {
  return { endpoint: { address: socketAddress(PLACES.pod2.ips[0], HTTP_PORT) }, ...SPEAKS_TLS };
}

/** How a service of an ambient namespace stands in a sidecar's endpoints. */
const stockHosts: fc.Arbitrary<JsonObject[]> = fc.constantFrom<JsonObject[][]>(
  [tunnelHost(`${VIP}:9080`, WAYPOINT_HBONE)],
  [tunnelHost(`${VIP}:9080`, WAYPOINT_HBONE)],
  [tunnelHost('10.4.9.11:9080', undefined), tunnelHost('10.4.9.12:9080', undefined)],
  [tunnelHost(`${VIP}:9080`, WAYPOINT_HBONE), sidecarHost()],
);

function stockCluster(hosts: readonly JsonObject[]): { cluster: JsonObject; endpoints: JsonObject } {
  const name = outboundName(STOCK.port, HOST);
  const hbone = { name: 'hbone', match: { tunnel: 'http' }, transport_socket: passing([ORIGINAL_DST_KEY]) };
  const { transport_socket_matches: others } = automaticTls(OWN_TLS) as { transport_socket_matches: JsonObject[] };
  return {
    cluster: edsCluster(name, { transport_socket_matches: [hbone, ...others] }),
    endpoints: { ...assignment(name, []), endpoints: [{ lb_endpoints: [...hosts] }] },
  };
}

interface Locality {
  readonly region: string;
  readonly priority: number;
  readonly health: string;
  readonly weight: number;
}

const localities: fc.Arbitrary<Locality[]> = fc
  .tuple(
    ...['near', 'far'].map((region) =>
      fc.record({
        region: fc.constant(region),
        health: fc.constantFrom('HEALTHY', 'HEALTHY', 'UNHEALTHY', 'DEGRADED'),
        weight: fc.constantFrom(1, 100),
      }),
    ),
    fc.boolean(),
  )
  .map((drawn) => {
    const fails = drawn.at(-1) === true;
    return (drawn.slice(0, -1) as Omit<Locality, 'priority'>[]).map((each, index) => ({ ...each, priority: fails ? index : 0 }));
  });

/** The near one is a pod of the mesh, the far one a bare pod. */
function ledgerCluster(given: readonly Locality[]): { cluster: JsonObject; endpoints: JsonObject } {
  const name = outboundName(LEDGER.port, LEDGER.host);
  const hosts = [sidecarHost(), { endpoint: { address: socketAddress(BARE_POD, HTTP_PORT) } }];
  const endpoints = given.map(({ region, priority, health, weight }, index): JsonObject => ({
    locality: { region },
    ...(priority === 0 ? {} : { priority }),
    load_balancing_weight: weight,
    lb_endpoints: [{ ...hosts[index], health_status: health }],
  }));
  return {
    cluster: edsCluster(name, {
      ...automaticTls(OWN_TLS),
      common_lb_config: { locality_weighted_lb_config: {}, healthy_panic_threshold: { value: 0 } },
    }),
    endpoints: { ...assignment(name, []), endpoints },
  };
}

const HEADLESS = outboundName(TCP_PORT, 'queue.shop.svc.cluster.local');

/** A listener a pod, and a cluster that dials whom the client dialled. */
function headless(): { listeners: JsonObject[]; clusters: JsonObject[] } {
  return {
    listeners: [PLACES.pod2.ips[0], BARE_POD].map((ip): JsonObject => ({
      name: `${ip}_${TCP_PORT}`,
      address: socketAddress(ip, TCP_PORT),
      bind_to_port: false,
      traffic_direction: 'OUTBOUND',
      filter_chains: [{ filters: [tcpProxy({ cluster: HEADLESS })] }],
    })),
    clusters: [originalDst(HEADLESS, { transport_socket: OWN_TLS })],
  };
}

interface CallerGiven {
  readonly dynamic: readonly boolean[];
  readonly hosts: readonly JsonObject[];
  readonly places: readonly Locality[];
  readonly inbound: InboundOptions;
  readonly allowsAny: boolean;
  readonly sniffs: boolean;
}

function caller({ dynamic, hosts, places, inbound, allowsAny, sniffs }: CallerGiven): MeshProxy {
  const [stock, ledger, pods] = [stockCluster(hosts), ledgerCluster(places), headless()];
  const rest = (cluster: string): JsonObject[] => [{ name: 'default', match: { prefix: '/' }, route: { cluster } }];
  const services: OutboundService[] = [STOCK, LEDGER].map((service) => ({
    ...service,
    protocol: 'http',
    routes: rest(outboundName(service.port, service.host)),
    cluster: '',
  }));
  const outbound = {
    services,
    clusters: [stock.cluster, ledger.cluster],
    endpoints: [stock.endpoints, ledger.endpoints],
    allowsAny,
    sniffs,
  };
  const own = sidecar({ place: 'pod1', dynamic: dynamic[0] === true, inbound, outbound });
  const tunnels = originalDst('connect_originate', {
    transport_socket: HBONE_TLS,
    original_dst_lb_config: { metadata_key: { key: ORIGINAL_DST_KEY, path: [{ key: 'waypoint' }] }, upstream_port_override: 15008 },
    ...HTTP2,
  });
  return {
    ...own,
    listeners: [...own.listeners, ...pods.listeners, connectOriginate()],
    clusters: [...own.clusters, ...pods.clusters, tunnels],
  };
}

const request: fc.Arbitrary<MeshRequest> = fc
  .record({
    http: clientHttp,
    token: authorization,
    aim: fc.constantFrom(
      ...Array.from({ length: 4 }, () => ({ authority: 'stock.shop', destination: `${VIP}:9080` })),
      { authority: 'ledger.bank', destination: `${LEDGER.vip}:9080` },
      { authority: 'ledger.bank:9080', destination: `${LEDGER.vip}:9080` },
      { authority: 'else.test', destination: '93.184.216.34:9080' },
      { authority: 'else.test', destination: '93.184.216.34:80' },
      { authority: '', destination: `${PLACES.pod2.ips[0]}:${TCP_PORT}` },
      { authority: '', destination: `${BARE_POD}:${TCP_PORT}` },
      { authority: '', destination: `${VIP}:9081` },
    ),
  })
  .map(({ http, token, aim: { authority, destination } }) => {
    const headers = [...(http.headers ?? []), ...token];
    const asked: TraceRequest = httpRequest({ ...http, headers, authority }, { source: '10.4.1.1', destination });
    const start = { proxy: nodeAt('pod1', 'sidecar').id };
    return { from: 'pod1', request: authority === '' ? { connection: asked.connection, start } : { ...asked, start }, repeat: REPEAT };
  });

/** Sidecar → waypoint → node; sidecar → node; sidecar → sidecar. */
export const sidecarWaypoint: fc.Arbitrary<MeshCase> = fc
  .record({
    ...ambientBase,
    ...waypointParts,
    hosts: stockHosts,
    places: localities,
    inbound: inboundOptions,
    guarded: inboundOptions,
    policies: istioPolicies,
    allowsAny: fc.boolean(),
    sniffs: fc.boolean(),
    requests: fc.array(request, { minLength: 8, maxLength: 10 }),
  })
  .map(({ requests, inbound, guarded, policies, httpFilters, ...options }): MeshCase => ({
    area: 'sidecar_waypoint',
    proxies: [
      caller({ ...options, inbound }),
      servant('pod2', options.dynamic[1] === true, guarded),
      waypointOf({ ...options, httpFilters: [...policies, ...httpFilters] }),
      ...nodes(options, true).slice(1),
    ],
    requests,
  }));
