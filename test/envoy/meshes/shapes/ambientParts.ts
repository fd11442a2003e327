/** What the ambient shapes share: nodes with their pods, a waypoint, and the service behind it. */
import fc from 'fast-check';
import type { JsonObject } from '../../labCase';
import type { MeshProxy } from '../meshCase';
import { identityAt, identityOf } from '../proxies/meshParts';
import { httpPolicy, networkPolicy, serviceRoutes, someOf } from '../proxies/meshPolicies';
import { PLACES } from '../places/meshPlaces';
import { vipName, waypoint, type WaypointPod, type WaypointService } from '../proxies/waypoint';
import { ztunnel, type AmbientPod, type TunnelService, type TunnelTarget, type ZtunnelOptions } from '../proxies/ztunnel';

const PODS: readonly AmbientPod[] = [
  { ip: '10.4.8.11', node: 'node1', identity: identityOf('shop', 'cart') },
  { ip: '10.4.8.12', node: 'node1', identity: identityOf('bank', 'clerk') },
  { ip: '10.4.9.11', node: 'node2', identity: identityOf('shop', 'stock') },
  { ip: '10.4.9.12', node: 'node2', identity: identityOf('shop', 'stock2') },
];

export const CALLERS = [...PODS.slice(0, 3).map(({ identity }) => identity), identityAt('waypoint'), identityAt('gateway')];
export const HOST = 'stock.shop.svc.cluster.local';
export const VIP = '10.96.0.11';
export const WAYPOINT_HBONE = `${PLACES.waypoint.ips[0]}:15008`;

const nodeFilters = fc.record({
  hboneFilters: someOf(networkPolicy({ identities: CALLERS, source: 'certificate' })),
  connectFilters: someOf(httpPolicy({ identities: CALLERS, source: 'certificate' })),
  plainFilters: someOf(networkPolicy({ identities: CALLERS, source: 'certificate' })),
});

/** Denials at every step would leave nothing to follow. */
const calm = fc.oneof({ weight: 2, arbitrary: fc.constant<Partial<ZtunnelOptions>>({}) }, { weight: 1, arbitrary: nodeFilters });

const podTargets: fc.Arbitrary<TunnelTarget[]> = fc
  .uniqueArray(fc.record({ ip: fc.constantFrom('10.4.9.11', '10.4.9.11', '10.4.9.12', '10.4.8.12'), health: healths() }), {
    minLength: 1,
    maxLength: 2,
    selector: ({ ip }) => ip,
  })
  .map((pods) =>
    pods.map(({ ip, health }) => ({ destination: `${ip}:9080`, address: `${ip}:15008`, ...(health === undefined ? {} : { health }) })),
  );

function healths(): fc.Arbitrary<string | undefined> {
  return fc.constantFrom(undefined, undefined, undefined, undefined, undefined, 'HEALTHY', 'UNHEALTHY');
}

export interface NodeOptions {
  readonly dynamic: readonly boolean[];
  readonly filters: readonly Partial<ZtunnelOptions>[];
  readonly byAuthority: boolean;
  readonly targets: readonly TunnelTarget[];
  /** A pod has a waypoint of its own, by its address. */
  readonly ledPod?: boolean;
}

/** Both nodes; services are led to their pods, or to the waypoint. */
export function nodes({ dynamic, filters, byAuthority, targets, ledPod }: NodeOptions, toWaypoint: boolean): MeshProxy[] {
  const led = (destination: string): TunnelTarget[] => [{ destination, address: WAYPOINT_HBONE }];
  const services: TunnelService[] = [
    { name: `http_${HOST}`, vip: VIP, port: 9080, targets: toWaypoint ? led(`${VIP}:9080`) : targets },
    { name: `tcp_${HOST}`, vip: VIP, port: 9081, targets: toWaypoint ? led(`${VIP}:9081`) : targets.map(onPort9081) },
    {
      name: '10.4.9.11',
      vip: '10.4.9.11',
      port: 9080,
      targets: toWaypoint && ledPod === true ? led('10.4.9.11:9080') : [{ destination: '10.4.9.11:9080', address: '10.4.9.11:15008' }],
    },
    { name: 'gone', vip: '10.96.0.14', port: 9080, targets: [] },
    { name: 'far', vip: '10.96.0.15', port: 9080, targets: [{ destination: '10.6.0.5:9080', address: '10.6.0.5:15008' }] },
  ];
  return (['node1', 'node2'] as const).map((node, index) =>
    ztunnel({
      node,
      dynamic: dynamic[index] === true,
      pods: PODS,
      services,
      hboneFilters: [],
      connectFilters: [],
      plainFilters: [],
      byAuthority,
      ...filters[index],
    }),
  );
}

function onPort9081(target: TunnelTarget): TunnelTarget {
  return { ...target, destination: target.destination.replace(':9080', ':9081') };
}

/** What every ambient mesh draws. */
export const ambientBase = {
  dynamic: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  filters: fc.tuple(calm, calm),
  byAuthority: fc.boolean(),
  targets: podTargets,
};

const SUBSETS = ['', 'v1', 'v2'];

export const waypointParts = {
  ledPod: fc.boolean(),
  pods: fc.tuple(...SUBSETS.map(() => waypointPods())),
  routes: serviceRoutes(SUBSETS.map((subset) => vipName({ host: HOST, port: 9080, protocol: 'http' }, subset))),
  httpFilters: someOf(httpPolicy({ identities: CALLERS, source: 'state' })),
  networkFilters: someOf(networkPolicy({ identities: CALLERS, source: 'state' })),
  connectPolicy: fc.oneof(
    { weight: 4, arbitrary: fc.constant<JsonObject[]>([]) },
    { weight: 1, arbitrary: someOf(httpPolicy({ identities: CALLERS, source: 'certificate' })) },
  ),
};

function waypointPods(): fc.Arbitrary<WaypointPod[]> {
  const pod = fc.record({ ip: fc.constantFrom('10.4.9.11', '10.4.9.12', '10.4.8.12', '10.6.0.5'), health: healths() });
  return fc
    .uniqueArray(pod, { minLength: 1, maxLength: 2, selector: ({ ip }) => ip })
    .map((pods) => pods.map(({ ip, health }) => ({ address: `${ip}:9080`, ...(health === undefined ? {} : { health }) })));
}

export interface WaypointGiven {
  readonly pods: readonly (readonly WaypointPod[])[];
  readonly routes: readonly JsonObject[];
  readonly httpFilters: readonly JsonObject[];
  readonly networkFilters: readonly JsonObject[];
  readonly connectPolicy: readonly JsonObject[];
  readonly dynamic: readonly boolean[];
  readonly ledPod: boolean;
}

export function waypointOf({ pods, routes, httpFilters, networkFilters, connectPolicy, dynamic, ledPod }: WaypointGiven): MeshProxy {
  const http: WaypointService = {
    host: HOST,
    vip: VIP,
    port: 9080,
    protocol: 'http',
    subsets: Object.fromEntries(SUBSETS.map((subset, index) => [subset, pods[index] ?? []])),
    routes,
  };
  const tcp: WaypointService = {
    host: HOST,
    vip: VIP,
    port: 9081,
    protocol: 'tcp',
    subsets: { '': [{ address: '10.4.9.11:9081' }] },
    routes: [],
  };
  const pod: WaypointService = {
    host: 'stock-0.shop',
    vip: '10.4.9.11',
    port: 9080,
    protocol: 'http',
    subsets: { '': [{ address: '10.4.9.11:9080' }] },
    routes: [{ name: 'pod', match: { prefix: '/' }, route: { cluster: vipName({ host: 'stock-0.shop', port: 9080, protocol: 'http' }) } }],
  };
  const services = ledPod ? [http, tcp, pod] : [http, tcp];
  return waypoint({ dynamic: dynamic[2] === true, services, httpFilters, networkFilters, connectFilters: connectPolicy });
}
