/** The way back from a dump: the Istio, Gateway API and Kubernetes resources of which a name was made. */
import type { NamedPlace } from '../../index/names/documentNames';
import { routeNameOf } from '../../index/links/resolveName';
import { GATEWAY_API, ISTIO_NETWORKING } from '../../model/istio/istioSpec';
import type { ConfigNode } from '../../schema/configNode';
import type { IstioNaming } from './istioNaming';
import { definingPlaces, serviceOfCluster, thingOf, type IstioPlace } from './istioPlaces';
import { parsePluginName, readGeneratedName } from '../../model/istio/generatedNames';
import { kubernetesSecretOf, parseGatewayRoutesName } from '../../model/istio/istioNames';
import type { Snapshot } from '../../index/snapshot';

/** A resource or a part of one, and its name. */
export interface Maker {
  readonly thing: ConfigNode;
  readonly name: ConfigNode | undefined;
}

/** In the order of the workspace's documents; [] where nothing of them is known. */
export function makersOf(snapshot: Snapshot, place: NamedPlace): Maker[] {
  if (place.kind === 'istio_config')
    return snapshot.istioResources.find(place.name, routeNameOf(place)).map((thing) => ({ thing, name: thing.path('metadata', 'name') }));
  const places = namingsOf(place).flatMap((naming) => definingPlaces(snapshot, naming));
  return [...new Set<IstioPlace>(places)].map((each) => ({ thing: thingOf(each), name: each.node }));
}

/** What a name in a dump says of Istio's, the Gateway API's and Kubernetes' things. */
export function namingsOf({ kind, name }: NamedPlace): IstioNaming[] {
  switch (kind) {
    case 'cluster':
    case 'endpoints':
      return [...namingsOfService(name), ...namingsOfRoute(name), naming('cluster', '', name)];
    case 'listener':
      return [...namingsOfListener(name), naming('listener', '', name)];
    case 'route_configuration':
      return [...namingsOfService(name), ...namingsOfServer(name), ...namingsOfListener(name), naming('route_configuration', '', name)];
    case 'filter_chain':
      return [...namingsOfService(name), ...namingsOfListener(name)];
    case 'secret':
      return namingsOfSecret(name);
    case 'http_filter':
    case 'extension_config':
      return namingsOfPlugin(name);
    default:
      return [];
  }
}

function naming(kind: string, scope: string, name: string): IstioNaming {
  return { kind, scope, name, role: 'use', spelling: 'plain', namespace: '' };
}

/** The subset first, where the name has one. */
function namingsOfService(name: string): IstioNaming[] {
  const service = serviceOfCluster(name);
  const host = service?.host ?? /^([^|:]+\.[^|:]+):\d+$/.exec(name)?.[1];
  if (host === undefined || host === '') return [];
  return [...(service?.subset ? [naming('subset', host, service.subset)] : []), naming('host', '', host)];
}

/** The Gateway whose server's routes they are, or the Gateway API's listener or the Ingress that istiod made a server of. */
function namingsOfServer(name: string): IstioNaming[] {
  const routes = parseGatewayRoutesName(name);
  if (!routes || routes.gateway === '') return [];
  const { gateway, namespace } = routes;
  const written = readGeneratedName({ kind: 'Gateway', namespace, name: gateway });
  if (written?.what === 'routes_of_listener') return namingsOfListener(`${namespace}/${written.gateway}/${written.listener}`);
  if (written?.what === 'ingress') return [naming('networking.k8s.io/Ingress', written.namespace, written.name)];
  return [naming(`${ISTIO_NETWORKING}/Gateway`, namespace, gateway)];
}

/** `shop/edge/web`, as Envoy Gateway calls a listener and what lies in it. */
function namingsOfListener(name: string): IstioNaming[] {
  const [, namespace = '', gateway = '', section] = /^([^/|]+)\/([^/|]+)\/([^/|]+)/.exec(name) ?? [];
  if (section === undefined) return [];
  return [naming('section', `${namespace}/${gateway}`, section), naming(`${GATEWAY_API}/Gateway`, namespace, gateway)];
}

const ROUTES: Readonly<Record<string, string>> = {
  http: 'HTTPRoute',
  grpc: 'GRPCRoute',
  tls: 'TLSRoute',
  tcp: 'TCPRoute',
  udp: 'UDPRoute',
};

/** Envoy Gateway: `httproute/shop/reviews/rule/0`. */
function namingsOfRoute(name: string): IstioNaming[] {
  const [, kind = '', namespace = '', route = ''] = /^(http|grpc|tls|tcp|udp)route\/([^/]+)\/([^/]+)\//.exec(name) ?? [];
  return route === '' ? [] : [naming(`${GATEWAY_API}/${ROUTES[kind] ?? ''}`, namespace, route)];
}

function namingsOfSecret(name: string): IstioNaming[] {
  const secret = kubernetesSecretOf(name);
  return secret === undefined ? [] : [naming('credential', '', secret)];
}

function namingsOfPlugin(name: string): IstioNaming[] {
  const plugin = parsePluginName(name);
  return plugin === undefined ? [] : [naming(`extensions.istio.io/${plugin.kind}`, plugin.namespace, plugin.name)];
}
