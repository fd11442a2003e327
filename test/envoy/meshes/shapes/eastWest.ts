/** Two networks: a sidecar, subsets with hosts near and far, a gateway that leads mTLS on by its server name, sidecars behind it. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { extension, httpRequest, socketAddress, tcpProxy, TLS_INSPECTOR } from '../../generators/parts';
import type { JsonObject } from '../../labCase';
import { CALLERS, clientHttp, inboundOptions, REPEAT, servant } from './ingress';
import type { MeshCase, MeshProxy, MeshRequest } from '../meshCase';
import {
  assignment,
  automaticTls,
  BLACK_HOLE,
  edsCluster,
  identityAt,
  ISTIO_ALPN,
  nodeAt,
  outboundName,
  secretsOf,
  upstreamTls,
  type Host,
} from '../proxies/meshParts';
import { networkPolicy, serviceRoutes, someOf } from '../proxies/meshPolicies';
import { PLACES } from '../places/meshPlaces';
import { BARE_POD, QUEUE, STOCK, type Service } from '../proxies/services';
import { sidecar, type OutboundService } from '../proxies/sidecar';

const GATEWAY: Host = { address: PLACES.second.ips[0], port: 15443, tls: true };
const SUBSETS = ['', 'v1', 'v2'] as const;
const SHADOW = outboundName(9082, 'shadow.shop.svc.cluster.local');

function serverName({ port, host }: Service, subset: string): string {
  return `outbound_.${port}_.${subset}_.${host}`;
}

/** Near hosts first, the other network's gateway where they fail; or the gateway alone. */
const hosts = (port: number): fc.Arbitrary<Host[]> => {
  const health = fc.constantFrom<(string | undefined)[]>(undefined, undefined, 'HEALTHY', 'UNHEALTHY', 'DRAINING');
  const near = fc
    .record({ place: fc.constantFrom<('pod2' | 'pod3')[]>('pod2', 'pod3'), health })
    .map(({ place, health: state }): Host => ({ address: PLACES[place].ips[0], port, tls: true, ...(state ? { health: state } : {}) }));
  const far = health.map((state): Host => ({ ...GATEWAY, ...(state ? { health: state } : {}) }));
  return fc.oneof(
    fc.tuple(near, far).map(([one, other]) => [one, { ...other, priority: 1 }]),
    fc.tuple(near, far).map(([one, other]) => [one, other]),
    far.map((one) => [one]),
    fc.tuple(near, near, far).map(([one, other, last]) => [one, { ...other, priority: 1 }, { ...last, priority: 2 }]),
  );
};

interface ClientOptions {
  readonly dynamic: boolean;
  readonly stock: readonly (readonly Host[])[];
  readonly queue: readonly Host[];
  readonly routes: readonly JsonObject[];
  readonly inbound: Parameters<typeof servant>[2];
  readonly policy: JsonObject;
}

function client({ dynamic, stock, queue, routes, inbound, policy }: ClientOptions): MeshProxy {
  const clusterOf = (service: Service, subset: string): JsonObject =>
    edsCluster(outboundName(service.port, service.host, subset), {
      ...automaticTls(upstreamTls({ alpn: ISTIO_ALPN, sni: serverName(service, subset) })),
      ...policy,
    });
  const services: OutboundService[] = [
    { ...STOCK, protocol: 'http', routes, cluster: '' },
    { ...QUEUE, protocol: 'tcp', routes: [], cluster: outboundName(QUEUE.port, QUEUE.host) },
  ];
  const shadow = { cluster_name: SHADOW, endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(BARE_POD, 9082) } }] }] };
  return sidecar({
    place: 'pod1',
    dynamic,
    inbound,
    outbound: {
      services,
      clusters: [
        ...SUBSETS.map((subset) => clusterOf(STOCK, subset)),
        clusterOf(QUEUE, ''),
        { name: SHADOW, type: 'STRICT_DNS', connect_timeout: '1s', load_assignment: shadow },
      ],
      endpoints: [
        ...SUBSETS.map((subset, index) => assignment(outboundName(STOCK.port, STOCK.host, subset), stock[index] ?? [])),
        assignment(outboundName(QUEUE.port, QUEUE.host), queue),
      ],
      allowsAny: true,
      sniffs: false,
    },
  });
}

interface GatewayOptions {
  readonly dynamic: boolean;
  /** Subset → the pod behind the gateway; undefined: the gateway does not know the subset. */
  readonly behind: readonly ('pod2' | 'pod3' | undefined)[];
  readonly byName: boolean;
  readonly guards: readonly JsonObject[];
}

/** Every cluster goes by the server name that leads to it. */
function gateway({ dynamic, behind, byName, guards }: GatewayOptions): MeshProxy {
  const clusterOf = (service: Service, subset: string, place: 'pod2' | 'pod3'): JsonObject => {
    const name = serverName(service, subset);
    const address = socketAddress(PLACES[place].ips[0], service.port);
    const assigned = { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] };
    return { name, type: byName ? 'STRICT_DNS' : 'STATIC', connect_timeout: '1s', load_assignment: assigned };
  };
  const match = { application_protocols: [...ISTIO_ALPN, 'istio-http/1.1'], server_names: ['*.local'] };
  const bySni = extension('envoy.filters.network.sni_cluster', 'filters.network.sni_cluster.v3.SniCluster');
  return {
    place: 'second',
    node: nodeAt('second', 'router'),
    dynamic,
    secrets: secretsOf(identityAt('second')),
    listeners: [
      {
        name: '0.0.0.0_15443',
        address: socketAddress('0.0.0.0', 15443),
        traffic_direction: 'OUTBOUND',
        listener_filters: [TLS_INSPECTOR],
        filter_chains: [{ filter_chain_match: match, filters: [bySni, ...guards, tcpProxy({ cluster: 'BlackHoleCluster' })] }],
      },
    ],
    clusters: [
      BLACK_HOLE,
      ...SUBSETS.flatMap((subset, index) => {
        const place = behind[index];
        return place ? [clusterOf(STOCK, subset, place)] : [];
      }),
      clusterOf(QUEUE, '', 'pod2'),
    ],
  };
}

const request: fc.Arbitrary<MeshRequest> = fc
  .record({ http: clientHttp, isBytes: fc.constantFrom(false, false, false, false, true) })
  .map(({ http, isBytes }) => {
    const { vip, port } = isBytes ? QUEUE : STOCK;
    const connection = { source: '10.4.1.1', destination: `${vip}:${port}` };
    const start = { proxy: nodeAt('pod1', 'sidecar').id };
    const asked: TraceRequest = isBytes
      ? { connection: { ...connection, transport: 'raw_buffer' }, start }
      : { ...httpRequest({ ...http, authority: 'stock.shop' }, connection), start };
    return { from: 'pod1', request: asked, repeat: REPEAT };
  });

/** A trace follows the first attempt: nothing that is tried again may happen. */
const extras: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject[]>(
  {},
  {},
  { request_mirror_policies: [{ cluster: SHADOW }] },
  { retry_policy: { retry_on: 'refused-stream,cancelled', num_retries: 2 } },
  { timeout: '3s', retry_policy: { retry_on: 'retriable-4xx', num_retries: 1, host_selection_retry_max_attempts: 5 } },
);

/** Halves between two subsets, mirrors and retries, beside what every service has. */
const routes: fc.Arbitrary<JsonObject[]> = fc
  .record({
    own: serviceRoutes(SUBSETS.map((subset) => outboundName(STOCK.port, STOCK.host, subset))),
    extra: extras,
    halves: fc.option(fc.constantFrom([50, 50], [1, 0], [20, 80]), { nil: undefined }),
  })
  .map(({ own, extra, halves }) => {
    const clusters = halves?.map((weight, index) => ({ name: outboundName(STOCK.port, STOCK.host, SUBSETS[index + 1]), weight }));
    const split = clusters ? [{ name: 'halves', match: { prefix: '/api' }, route: { weighted_clusters: { clusters } } }] : [];
    return [...split, ...own].map((route: JsonObject) =>
      'route' in route ? { ...route, route: { ...(route['route'] as JsonObject), ...extra } } : route,
    );
  });

export const eastWest: fc.Arbitrary<MeshCase> = fc
  .record({
    dynamic: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()),
    stock: fc.tuple(...SUBSETS.map(() => hosts(STOCK.port))),
    queue: hosts(QUEUE.port),
    routes,
    policy: fc.constantFrom<JsonObject[]>({ lb_policy: 'ROUND_ROBIN' }, { lb_policy: 'LEAST_REQUEST' }, { lb_policy: 'RANDOM' }),
    behind: fc.tuple(...SUBSETS.map(() => fc.constantFrom<('pod2' | 'pod3' | undefined)[]>('pod2', 'pod3', undefined))),
    byName: fc.boolean(),
    guards: someOf(networkPolicy({ identities: CALLERS, source: 'certificate' })),
    inbound: fc.tuple(inboundOptions, inboundOptions, inboundOptions),
    requests: fc.array(request, { minLength: 8, maxLength: 10 }),
  })
  .map(({ dynamic, inbound, requests, behind, byName, guards, ...options }): MeshCase => ({
    area: 'east_west',
    proxies: [
      client({ ...options, dynamic: dynamic[0], inbound: inbound[0] }),
      gateway({ dynamic: dynamic[1], behind, byName, guards }),
      servant('pod2', dynamic[2], inbound[1]),
      servant('pod3', dynamic[3], inbound[2]),
    ],
    requests,
  }));
