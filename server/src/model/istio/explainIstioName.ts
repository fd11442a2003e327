/** What the names mean that Istio gives to listeners, chains, route configurations, virtual hosts and clusters (istio: pilot/pkg/networking/core). */
import { readGeneratedName } from './generatedNames';
import { parseGatewayRoutesName, parseIstioClusterName } from './istioNames';

export type NamedKind = 'cluster' | 'listener' | 'filter_chain' | 'route_configuration' | 'virtual_host';

/**
 * In words; undefined where Istio did not make the name.
 * `ofIstio`: the proxy is one of Istio's, so that plain words (`default`, `agent`, `8080`) mean what Istio means by them.
 */
export function explainIstioName(kind: NamedKind, name: string, ofIstio: boolean): string | undefined {
  const service = explainServiceName(name);
  if (service !== undefined) return service;
  const plain = ofIstio ? ownWords(PLAIN[kind], name) : undefined;
  const certain = plain ?? ownWords(CERTAIN, name);
  return certain ?? (ofIstio ? PATTERNS[kind].map((explain) => explain(name)).find(Boolean) : undefined);
}

/** Names come from documents, and `constructor` is a name too. */
function ownWords(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}

/** `outbound|9080|v1|reviews…`, `inbound|9080||`, `inbound-vip|…`, also with dots and underscores as in an SNI. */
export function explainServiceName(name: string): string | undefined {
  const parts = parseIstioClusterName(name);
  if (!parts) return undefined;
  const { direction, port, subset, host } = parts;
  switch (direction) {
    case 'outbound':
      return `service ${host}, port ${port}${subset ? `, subset ${subset}` : ''}`;
    case 'inbound':
      return `this pod's own application on port ${port}`;
    case 'inbound-vip':
      return `service ${host}, port ${port}, at its waypoint${subset ? ` (${subset})` : ''}`;
    default:
      return `pod ${host}, port ${port}, at the waypoint`;
  }
}

const OWN_UNNAMED = "this pod's own application, on a port that no service names";
const TUNNEL = 'opens the HBONE tunnel (HTTP/2 CONNECT over mTLS, port 15008)';

/** Words that nobody else uses. */
const CERTAIN: Readonly<Record<string, string>> = {
  PassthroughCluster: 'goes on to the original destination as it is',
  PassthroughFilterChain: 'connections that are for no service here: on to the original destination as they are',
  BlackHoleCluster: 'has no endpoints: the connection ends here',
  UnknownService: 'a backend of a Gateway API route that is not there, or that the route may not use',
  InboundPassthroughCluster: OWN_UNNAMED,
  InboundPassthroughClusterIpv4: OWN_UNNAMED,
  InboundPassthroughClusterIpv6: OWN_UNNAMED,
  AllowAnyDynamicDNSCluster: 'resolves the host that the request names, and goes there',
  virtualOutbound: 'takes every connection that the pod opens (port 15001), and hands it to the listener of its original destination',
  virtualInbound: 'takes every connection that comes to the pod (port 15006)',
  'virtualOutbound-blackhole': 'connections to port 15001 itself, which would run in circles: dropped',
  'virtualOutbound-catchall-tcp': 'connections that no other listener takes',
  'virtualOutbound-catchall-http': 'HTTP that no other listener takes',
  'virtualOutbound-catchall-tcp-http': 'HTTP that no other listener takes',
  'virtualInbound-blackhole': 'connections to port 15006 itself, which would run in circles: dropped',
  'virtualInbound-catchall-http': 'HTTP to a port that no service names',
};

const INTERNAL: Readonly<Record<string, string>> = {
  main_internal: 'the internal listener in which a waypoint does its work',
  connect_terminate: 'takes HBONE tunnels (HTTP/2 CONNECT over mTLS) and what is in them',
  connect_originate: TUNNEL,
  inner_connect_originate: 'the inner tunnel of a double HBONE, to the workload itself',
  outer_connect_originate: 'the outer tunnel of a double HBONE, to the gateway of another network',
  forward_inner_connect: 'passes the inner tunnel of a double HBONE on, to the workload or to its waypoint',
  encap: 'wraps the connection in HBONE',
};

const DYNAMIC_DNS = 'hosts that no service has: on to the address that DNS gives (outboundTrafficPolicy ALLOW_ANY)';

const PLAIN: Readonly<Record<NamedKind, Readonly<Record<string, string>>>> = {
  cluster: {
    ...INTERNAL,
    agent: "Istio's agent in the pod",
    'xds-grpc': 'the control plane (istiod), through the agent',
    'sds-grpc': 'the certificate source in the agent',
    prometheus_stats: "Envoy's own metrics",
    zipkin: 'the collector of Zipkin traces',
    local_cluster: "this proxy's own service in its region, by which Envoy prefers its own zone",
  },
  listener: {
    ...INTERNAL,
    '0.0.0.0_15021': "readiness probes, answered by Istio's agent",
    '0.0.0.0_15090': "Envoy's own metrics, for Prometheus",
  },
  filter_chain: {
    virtualInbound: 'connections to a port that no service names',
    default: 'what no other chain takes',
    'direct-tcp': 'TCP for a pod by its own address, past every service',
    'direct-http': 'HTTP for a pod by its own address, past every service',
  },
  route_configuration: {
    ...INTERNAL,
    default: 'sends every request on as it came',
    http_proxy: 'requests that the pod sends to its proxy as to an HTTP proxy, for any service',
    allow_any: 'hosts that no service has: on to the original destination (outboundTrafficPolicy ALLOW_ANY)',
    block_all: 'hosts that no service has: answered with 502 (outboundTrafficPolicy REGISTRY_ONLY)',
    allow_any_dynamic_dns: DYNAMIC_DNS,
  },
  virtual_host: {
    allow_any: 'hosts that no service has: on to the original destination (outboundTrafficPolicy ALLOW_ANY)',
    block_all: 'hosts that no service has: answered with 502 (outboundTrafficPolicy REGISTRY_ONLY)',
    allow_any_dynamic_dns: DYNAMIC_DNS,
  },
};

type Explain = (name: string) => string | undefined;

/** Groups of the match in the words: `$1`, `$2` … */
function pattern(expression: RegExp, words: string): Explain {
  return (name) => {
    const match = expression.exec(name);
    return match ? words.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '') : undefined;
  };
}

/** `http.80`, `https.443.https-web.edge.shop`. */
function explainGatewayRoutes(name: string): string | undefined {
  const routes = parseGatewayRoutesName(name);
  if (!routes) return undefined;
  const { port, server, gateway, namespace, bind } = routes;
  const address = bind === '' ? '' : `, at ${bind}`;
  if (server === '') return `plain HTTP servers of Gateways, on the proxy's port ${port}${address}`;
  const written = readGeneratedName({ kind: 'Gateway', namespace, name: gateway });
  if (written?.what === 'routes_of_listener')
    return `listener ${written.listener} (port ${port}) of the Gateway ${namespace}/${written.gateway}${address}`;
  if (written?.what === 'ingress') return `the certificate's hosts (port ${port}) of the Ingress ${written.namespace}/${written.name}`;
  return `server ${server} (port ${port}) of the Gateway ${namespace}/${gateway}${address}`;
}

const PATTERNS: Readonly<Record<NamedKind, readonly Explain[]>> = {
  cluster: [],
  listener: [
    pattern(/^(?:0\.0\.0\.0|\[::\]|::)_(\d+)$/, 'every address, port $1'),
    pattern(/^(\[?[\da-fA-F.:]+\]?)_(\d+)$/, 'address $1, port $2'),
  ],
  // Ingress listeners of a Sidecar name the pod's address, or the one that they bind.
  filter_chain: [pattern(/^\[?[\da-fA-F]*[.:][\da-fA-F.:]*\]?_(\d+)$/, "this pod's own application on port $1")],
  route_configuration: [
    pattern(/^(\d+)$/, 'HTTP to all services of port $1, seen from their clients'),
    explainGatewayRoutes,
    pattern(/^([^|:]+\.[^|:]+):(\d+)$/, 'HTTP to service $1, port $2'),
    pattern(/^unix:\/\/(.+)$/, 'HTTP to the socket $1, seen from its clients'),
  ],
  virtual_host: [
    // In a sidecar its own service, in a waypoint each of those it stands for.
    pattern(/^inbound\|http\|(\d+)$/, 'requests that come in for port $1 of the service'),
    pattern(/^blackhole:(\d+)$/, 'a Gateway without routes on port $1: answered with 404'),
    pattern(/^([^|:]+\.[^|:]+):(\d+)$/, 'service $1, port $2'),
  ],
};
