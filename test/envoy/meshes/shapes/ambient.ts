/** Ambient meshes: node proxy → (waypoint →) node proxy, and gateway → waypoint → node proxy. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { connectionManager, httpRequest, socketAddress, virtualHost } from '../../generators/parts';
import type { JsonObject } from '../../labCase';
import { ambientBase, CALLERS, HOST, nodes, VIP, WAYPOINT_HBONE, waypointOf, waypointParts } from './ambientParts';
import { clientHttp, fromOutside, REPEAT } from './ingress';
import type { MeshCase, MeshProxy, MeshRequest } from '../meshCase';
import {
  assignment,
  byRds,
  edsCluster,
  HTTP2,
  identityAt,
  internalHost,
  nodeAt,
  originalDst,
  outboundName,
  secretsOf,
  upstreamTls,
} from '../proxies/meshParts';
import { PLACES } from '../places/meshPlaces';
import { connectOriginate } from '../proxies/waypoint';
import { passing } from '../proxies/ztunnel';

const captured: fc.Arbitrary<MeshRequest> = fc
  .record({
    http: clientHttp,
    source: fc.constantFrom('10.4.8.11', '10.4.8.11', '10.4.8.12'),
    destination: fc.constantFrom(
      `${VIP}:9080`,
      `${VIP}:9080`,
      `${VIP}:9080`,
      `${VIP}:9081`,
      '10.4.9.11:9080',
      '10.4.9.12:9082',
      '10.96.0.14:9080',
      '10.96.0.15:9080',
      '93.184.216.34:80',
    ),
    isBytes: fc.constantFrom(false, false, false, true),
  })
  .map(({ http, source, destination, isBytes }) => {
    const request: TraceRequest = httpRequest({ ...http, authority: 'stock.shop' }, { source, destination });
    const start = { proxy: nodeAt('node1', 'ztunnel').id };
    return { from: 'node1', request: isBytes ? { connection: request.connection, start } : { ...request, start }, repeat: REPEAT };
  });

/** HBONE by hand, from outside: with a certificate of the mesh or none, to a pod or the waypoint. */
const byHand = (places: readonly ('node2' | 'waypoint')[]): fc.Arbitrary<MeshRequest> =>
  fc
    .record({
      place: fc.constantFrom(...places),
      principal: fc.constantFrom('', ...CALLERS, 'spiffe://other.domain/ns/x/sa/y'),
      inner: clientHttp,
      authority: fc.constantFrom('', '', '10.4.9.12:9081'),
    })
    .map(({ place, principal, inner, authority }) => {
      const ip = place === 'waypoint' ? PLACES.waypoint.ips[0] : '10.4.9.11';
      const target = authority === '' ? (place === 'waypoint' ? `${VIP}:9080` : '10.4.9.11:9080') : authority;
      const peer = principal === '' ? {} : { peerPrincipals: [principal] };
      const headers: [string, string][] = [['x-envoy-original-dst-host', target]];
      const outer = httpRequest(
        { version: 'http2', method: 'CONNECT', authority: target, path: '', headers },
        { source: '10.5.0.9', destination: `${ip}:15008`, transport: 'tls', alpn: ['h2'], ...peer },
      );
      const start = { proxy: nodeAt(place, place === 'waypoint' ? 'waypoint' : 'ztunnel').id };
      const http = { ...httpRequest({ ...inner, authority: 'stock.shop' }).http, version: 'http1' as const };
      return { from: 'outside', request: { ...outer, start, inner: { http: http as NonNullable<TraceRequest['http']> } }, repeat: REPEAT };
    });

/** Plain text to a pod, from outside the mesh. */
const plainly: fc.Arbitrary<MeshRequest> = fc
  .record({ http: clientHttp, port: fc.constantFrom(9080, 9081, 9082) })
  .map(({ http, port }) => ({
    from: 'outside',
    request: {
      ...httpRequest({ ...http, authority: 'stock' }, { source: '10.5.0.9', destination: `10.4.9.11:${port}` }),
      start: { proxy: nodeAt('node2', 'ztunnel').id },
    },
    repeat: REPEAT,
  }));

export const ambient: fc.Arbitrary<MeshCase> = fc
  .record({
    ...ambientBase,
    requests: fc.array(
      fc.oneof({ weight: 4, arbitrary: captured }, { weight: 1, arbitrary: byHand(['node2']) }, { weight: 1, arbitrary: plainly }),
      { minLength: 7, maxLength: 9 },
    ),
  })
  .map(({ requests, ...options }): MeshCase => ({ area: 'ambient', proxies: nodes(options, false), requests }));

/** Node → waypoint → node. */
export const waypoints: fc.Arbitrary<MeshCase> = fc
  .record({
    ...ambientBase,
    ...waypointParts,
    requests: fc.array(fc.oneof({ weight: 4, arbitrary: captured }, { weight: 1, arbitrary: byHand(['waypoint', 'node2']) }), {
      minLength: 7,
      maxLength: 9,
    }),
  })
  .map(({ requests, ...options }): MeshCase => ({ area: 'waypoints', proxies: [...nodes(options, true), waypointOf(options)], requests }));

/** A gateway whose clusters lead into its own `connect_originate`, which knows the waypoint by the host's metadata. */
function ambientGateway(dynamic: boolean): MeshProxy {
  const name = outboundName(9080, HOST);
  const key = 'envoy.filters.listener.original_dst';
  const metadata = { filter_metadata: { [key]: { local: `${VIP}:9080` }, tunnel: { address: WAYPOINT_HBONE } } };
  const straight = { filter_metadata: { [key]: { local: '10.4.9.11:9080' }, tunnel: { address: '10.4.9.11:15008' } } };
  const direct = outboundName(9080, 'direct.shop.svc.cluster.local');
  const tls = upstreamTls({ alpn: ['h2'], peers: { prefix: 'spiffe://cluster.local/' } });
  const hosts = (one: JsonObject): JsonObject[] => [{ lb_endpoints: [internalHost('connect_originate', { metadata: one }, 'x')] }];
  const manager = connectionManager({}, [], {
    route_config: undefined,
    ...byRds('http.80'),
    use_remote_address: true,
  } as unknown as JsonObject);
  return {
    place: 'gateway',
    node: nodeAt('gateway', 'router'),
    dynamic,
    secrets: secretsOf(identityAt('gateway')),
    listeners: [
      { name: '0.0.0.0_80', address: socketAddress('0.0.0.0', 80), traffic_direction: 'OUTBOUND', filter_chains: [{ filters: [manager] }] },
      connectOriginate(),
    ],
    clusters: [
      edsCluster(name, { transport_socket: passing([key, 'tunnel']) }),
      edsCluster(direct, { transport_socket: passing([key, 'tunnel']) }),
      originalDst('connect_originate', {
        transport_socket: tls,
        original_dst_lb_config: { metadata_key: { key: 'tunnel', path: [{ key: 'address' }] } },
        ...HTTP2,
      }),
    ],
    routes: [
      {
        name: 'http.80',
        virtual_hosts: [
          virtualHost(
            'shop.test:80',
            ['shop.test'],
            [
              { name: 'direct', match: { prefix: '/admin' }, route: { cluster: direct } },
              { name: 'shop', match: { prefix: '/' }, route: { cluster: name } },
            ],
          ),
        ],
        validate_clusters: false,
      },
    ],
    endpoints: [
      { ...assignment(name, []), endpoints: hosts(metadata) },
      { ...assignment(direct, []), endpoints: hosts(straight) },
    ],
  };
}

const entering: fc.Arbitrary<MeshRequest> = fc
  .record({
    http: clientHttp,
    authority: fc.constantFrom('shop.test', 'shop.test', 'shop.test', 'else.test'),
    source: fc.constantFrom('203.0.113.4', '198.51.100.7'),
  })
  .map(({ http, authority, source }) =>
    fromOutside(httpRequest({ ...http, authority }, { destination: '10.4.0.2:80', source }), 'gateway'),
  );

/** Gateway → waypoint → node. */
export const ambientIngress: fc.Arbitrary<MeshCase> = fc
  .record({ ...ambientBase, ...waypointParts, requests: fc.array(entering, { minLength: 6, maxLength: 8 }) })
  .map(({ requests, ...options }): MeshCase => ({
    area: 'ambient_ingress',
    proxies: [ambientGateway(options.dynamic[3] === true), waypointOf(options), ...nodes(options, true).slice(1)],
    requests,
  }));
