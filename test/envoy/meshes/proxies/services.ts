/** The services of a mesh: where their endpoints stand, and how a client proxy's cluster reaches them. */
import fc from 'fast-check';
import type { JsonObject } from '../../labCase';
import {
  assignment,
  automaticTls,
  edsCluster,
  HTTP2,
  identityAt,
  ISTIO_ALPN,
  outboundName,
  upstreamTls,
  type Host,
  type SanMatch,
} from './meshParts';
import { PLACES, type PlaceName } from '../places/meshPlaces';
import { HTTP_PORT, TCP_PORT } from './sidecar';

export interface Service {
  readonly host: string;
  readonly vip: string;
  readonly port: number;
}

export const STOCK: Service = { host: 'stock.shop.svc.cluster.local', vip: '10.96.0.11', port: HTTP_PORT };
export const LEDGER: Service = { host: 'ledger.bank.svc.cluster.local', vip: '10.96.0.12', port: HTTP_PORT };
export const QUEUE: Service = { host: 'queue.shop.svc.cluster.local', vip: '10.96.0.13', port: TCP_PORT };
export const IDLE: Service = { host: 'idle.shop.svc.cluster.local', vip: '10.96.0.14', port: HTTP_PORT };

/** A pod without a proxy: no place of its own. */
export const BARE_POD = '10.5.0.7';

export interface ClientCluster {
  readonly name: string;
  readonly cluster: JsonObject;
  readonly endpoints: JsonObject;
}

/** The cluster of a service as Istio makes it for its clients; now and then with a mistake in it. */
export function clientCluster(service: Service, places: readonly PlaceName[]): fc.Arbitrary<ClientCluster> {
  const name = outboundName(service.port, service.host);
  const own = places.map((place): Host => ({ address: PLACES[place].ips[0], port: service.port, tls: true }));
  const bare: Host = { address: BARE_POD, port: service.port, tls: false };
  return fc
    .record({
      hosts: hostsOf([...own, ...own, ...own, bare]),
      peers: fc.constantFrom<(SanMatch | undefined)[]>(
        undefined,
        undefined,
        undefined,
        ...Array.from({ length: 5 }, () => ({ prefix: 'spiffe://cluster.local/' })),
        { exact: identityAt(places[0] ?? 'pod2') },
        { exact: 'spiffe://cluster.local/ns/else/sa/else' },
      ),
      alpn: fc.constantFrom(ISTIO_ALPN, ISTIO_ALPN, ['istio-http/1.1', 'istio', 'http/1.1'], ['http/1.1'], ['istio', 'h2', 'http/1.1']),
      http2: fc.constantFrom(false, false, false, false, true),
      policy: fc.constantFrom('ROUND_ROBIN', 'LEAST_REQUEST', 'RANDOM'),
    })
    .map(({ hosts, peers, alpn, http2, policy }) => {
      const sni = `outbound_.${service.port}_._.${service.host}`;
      const tls = upstreamTls({ alpn, sni, ...(peers ? { peers } : {}) });
      const fields = { ...automaticTls(tls), lb_policy: policy, ...(http2 && service.port === HTTP_PORT ? HTTP2 : {}) };
      return { name, cluster: edsCluster(name, fields), endpoints: assignment(name, hosts) };
    });
}

/** One or two, of which some are ill, of a lower priority, or known for what they are not. */
function hostsOf(hosts: readonly Host[]): fc.Arbitrary<Host[]> {
  const host = fc
    .record({
      host: fc.constantFrom(...hosts),
      health: fc.constantFrom<(string | undefined)[]>(undefined, undefined, undefined, 'HEALTHY', 'UNHEALTHY', 'DRAINING'),
      priority: fc.constantFrom(0, 0, 0, 1),
      mistaken: fc.constantFrom(...Array.from({ length: 9 }, () => false), true),
    })
    .map(({ host: given, health, priority, mistaken }): Host => ({
      ...given,
      tls: mistaken ? !given.tls : given.tls,
      priority,
      ...(health === undefined ? {} : { health }),
    }));
  return fc.uniqueArray(host, { minLength: 1, maxLength: 2, selector: ({ address }) => address }).map(lowestFirst);
}

/** Priorities have no gaps. */
function lowestFirst(hosts: Host[]): Host[] {
  return hosts.some(({ priority }) => priority === 0) ? hosts : hosts.map((host) => ({ ...host, priority: 0 }));
}

/** A service without endpoints. */
export function idleCluster(): ClientCluster {
  const name = outboundName(IDLE.port, IDLE.host);
  return { name, cluster: edsCluster(name, {}), endpoints: assignment(name, []) };
}
