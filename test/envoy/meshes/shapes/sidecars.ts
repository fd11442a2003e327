/** Sidecar → sidecar: service addresses, pods, the internet; with mTLS and policies by identity. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { httpRequest } from '../../generators/parts';
import type { JsonObject } from '../../labCase';
import { CALLERS, clientHttp, inboundOptions, REPEAT, servant } from './ingress';
import type { MeshCase, MeshProxy, MeshRequest } from '../meshCase';
import { nodeAt } from '../proxies/meshParts';
import { networkPolicy, serviceRoutes, someOf } from '../proxies/meshPolicies';
import { BARE_POD, clientCluster, IDLE, idleCluster, LEDGER, QUEUE, STOCK, type ClientCluster } from '../proxies/services';
import { sidecar, type OutboundService } from '../proxies/sidecar';

interface Clusters {
  readonly stock: ClientCluster;
  readonly ledger: ClientCluster;
  readonly queue: ClientCluster;
}

const clusters: fc.Arbitrary<Clusters> = fc.record({
  stock: clientCluster(STOCK, ['pod2', 'pod3']),
  ledger: clientCluster(LEDGER, ['pod3', 'pod1']),
  queue: clientCluster(QUEUE, ['pod2', 'pod3']),
});

const client = { from: 'pod1' as const, start: { proxy: nodeAt('pod1', 'sidecar').id } };

/** To a service, by one of its names, at one of its addresses. */
const toService: fc.Arbitrary<TraceRequest> = fc
  .record({
    http: clientHttp,
    service: fc.constantFrom(STOCK, STOCK, LEDGER, IDLE),
    spelling: fc.constantFrom<((service: { host: string; vip: string }) => string)[]>(
      ({ host }) => host,
      ({ host }) => host.split('.')[0] ?? '',
      ({ host }) => `${host.split('.').slice(0, 2).join('.')}:9080`,
      ({ vip }) => `${vip}:9080`,
      () => 'else.test',
    ),
  })
  .map(({ http, service, spelling }) =>
    from(httpRequest({ ...http, authority: spelling(service) }, { destination: `${service.vip}:${service.port}` })),
  );

/** To where no service is: pods, the internet, a port that nobody knows. */
const toElse: fc.Arbitrary<TraceRequest> = fc
  .record({
    http: clientHttp,
    destination: fc.constantFrom('10.4.1.2:9080', '10.4.1.3:9080', '10.4.1.2:9082', `${BARE_POD}:9080`, '93.184.216.34:80'),
  })
  .map(({ http, destination }) => from(httpRequest({ ...http, authority: 'stock' }, { destination })));

const bytes: fc.Arbitrary<TraceRequest> = fc
  .constantFrom(`${QUEUE.vip}:9081`, `${QUEUE.vip}:9081`, `${STOCK.vip}:9080`, '10.4.1.2:9081', '10.4.1.3:9082', '93.184.216.34:443')
  .map((destination) => from({ connection: { destination, transport: 'raw_buffer' } }));

/** TLS of the application's own. */
const encrypted: fc.Arbitrary<TraceRequest> = fc
  .record({
    destination: fc.constantFrom('93.184.216.34:443', `${QUEUE.vip}:9081`, '10.4.1.2:9082', `${STOCK.vip}:9080`),
    alpn: fc.constantFrom<string[][]>([], ['http/1.1'], ['istio']),
  })
  .map(({ destination, alpn }) => from(httpRequest({ authority: 'www.test' }, { destination, transport: 'tls', sni: 'www.test', alpn })));

/** Straight to a pod, from outside the mesh. */
const aroundTheMesh: fc.Arbitrary<TraceRequest> = fc
  .record({ http: clientHttp, port: fc.constantFrom(9080, 9080, 9081, 9082), principal: fc.constantFrom('', '', ...CALLERS) })
  .map(({ http, port, principal }) => {
    const tls =
      principal === '' ? {} : { transport: 'tls' as const, sni: 'x.test', alpn: ['istio', 'http/1.1'], peerPrincipals: [principal] };
    const request = httpRequest(
      { ...http, version: 'http1', authority: 'stock' },
      { destination: `10.4.1.2:${port}`, source: '10.5.0.9', ...tls },
    );
    return { ...request, start: { proxy: nodeAt('pod2', 'sidecar').id } };
  });

function from(request: TraceRequest): TraceRequest {
  return { ...request, start: client.start, connection: { ...request.connection, source: '10.4.1.1' } };
}

const request: fc.Arbitrary<MeshRequest> = fc
  .oneof(
    { weight: 5, arbitrary: toService },
    { weight: 3, arbitrary: toElse },
    { weight: 2, arbitrary: bytes },
    { weight: 1, arbitrary: encrypted },
    { weight: 1, arbitrary: aroundTheMesh },
  )
  .map((each) => ({ from: each.connection.source === '10.4.1.1' ? client.from : 'outside', request: each, repeat: REPEAT }));

export const sidecars: fc.Arbitrary<MeshCase> = fc
  .record({
    dynamic: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    clusters,
    inbound: fc.tuple(inboundOptions, inboundOptions, inboundOptions),
    guards: someOf(networkPolicy({ identities: CALLERS, source: 'certificate' })),
    allowsAny: fc.boolean(),
    sniffs: fc.boolean(),
    requests: fc.array(request, { minLength: 8, maxLength: 10 }),
  })
  .chain((given) => {
    const { stock, ledger } = given.clusters;
    const names = [stock.name, stock.name, ledger.name];
    return fc
      .record({ stockRoutes: serviceRoutes(names), ledgerRoutes: serviceRoutes([ledger.name]) })
      .map((routes) => ({ ...given, routes }));
  })
  .map(({ dynamic, inbound, guards, requests, routes, ...options }): MeshCase => ({
    area: 'sidecars',
    proxies: [
      caller({ ...options, ...routes, dynamic: dynamic[0], inbound: inbound[0] }),
      servant('pod2', dynamic[1], { ...inbound[1], networkFilters: guards }),
      servant('pod3', dynamic[2], inbound[2]),
    ],
    requests,
  }));

interface CallerOptions {
  readonly dynamic: boolean;
  readonly clusters: Clusters;
  readonly inbound: Parameters<typeof servant>[2];
  readonly stockRoutes: readonly JsonObject[];
  readonly ledgerRoutes: readonly JsonObject[];
  readonly allowsAny: boolean;
  readonly sniffs: boolean;
}

function caller({
  dynamic,
  clusters: { stock, ledger, queue },
  inbound,
  stockRoutes,
  ledgerRoutes,
  allowsAny,
  sniffs,
}: CallerOptions): MeshProxy {
  const idle = idleCluster();
  const http = (service: typeof STOCK, routes: readonly JsonObject[]): OutboundService => ({
    ...service,
    protocol: 'http',
    routes,
    cluster: '',
  });
  const services: OutboundService[] = [
    http(STOCK, stockRoutes),
    http(LEDGER, ledgerRoutes),
    http(IDLE, [{ name: 'default', match: { prefix: '/' }, route: { cluster: idle.name } }]),
    { ...QUEUE, protocol: 'tcp', routes: [], cluster: queue.name },
  ];
  const all = [stock, ledger, queue, idle];
  return sidecar({
    place: 'pod1',
    dynamic,
    inbound,
    outbound: {
      services,
      clusters: all.map(({ cluster }) => cluster),
      endpoints: all.map(({ endpoints }) => endpoints),
      allowsAny,
      sniffs,
    },
  });
}
