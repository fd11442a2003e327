/** From a host name to an address through the files alone: virtual hosts that list the name beside an IP, ztunnel services, a gateway's own listeners. */
import type { TraceRequest } from '../../protocol/trace';
import type { ProxyScope } from '../../index/proxyScope';
import { canonicalIp, parseIpPort } from '../../model/address';
import { takesTraffic } from '../../model/resources/resource';
import { readZtunnel } from '../../model/ztunnel/readZtunnel';
import type { ConfigNode } from '../../schema/configNode';
import { listenerName } from '../listener/listenerName';
import { boundSocketsOf, captureOf, hasCapture, type BoundSocket } from '../listener/boundListeners';
import { ztunnelHosts } from './ztunnelHosts';
import { MAX_PORT } from '../../protocol/maxPort';

export interface ResolvedHost {
  readonly proxy: ProxyScope;
  readonly destination: { readonly kind: 'ip'; readonly ip: string; readonly port: number };
  /** For a note. Example: `virtual host reviews.default.svc.cluster.local:9080` */
  readonly source: string;
}

interface WantedHost {
  readonly host: string;
  readonly port: number;
  readonly hasPort: boolean;
  readonly isTls: boolean;
  readonly sni: string | undefined;
}

/** Every address that a proxy of `proxies` gives the request's host, each once. A name is never guessed. */
export function resolveHost(proxies: readonly ProxyScope[], request: TraceRequest, sourceIp: string | undefined): ResolvedHost[] {
  const wanted = wantedHost(request);
  if (!wanted) return [];
  const ip = canonicalIp(wanted.host);
  const found = proxies.flatMap((proxy): ResolvedHost[] => {
    if (ip !== undefined) return [{ proxy, destination: { kind: 'ip', ip, port: wanted.port }, source: 'the authority itself' }];
    if (proxy.ztunnel) return ztunnelAddresses(proxy, wanted, sourceIp);
    return hasCapture(proxy, 'outbound') ? virtualHostAddresses(proxy, wanted) : gatewayAddresses(proxy, wanted);
  });
  const seen = new Set<string>();
  return found.filter(({ proxy, destination }) => {
    const key = `${proxy.id} ${destination.ip} ${destination.port}`;
    return !seen.has(key) && seen.add(key);
  });
}

function wantedHost({ http, connection }: TraceRequest): WantedHost | undefined {
  if (!http || http.authority === '') return undefined;
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(http.authority);
  if (!match) return undefined;
  const isTls = connection.transport === 'tls' || connection.transport === 'quic' || connection.sni !== undefined;
  const port = match[3] === undefined ? (http.scheme === 'https' ? 443 : 80) : Number(match[3]);
  if (port > MAX_PORT) return undefined;
  return {
    host: (match[1] ?? match[2] ?? '').toLowerCase(),
    port,
    hasPort: match[3] !== undefined,
    isTls,
    sni: connection.sni?.toLowerCase(),
  };
}

/** A sidecar's virtual host lists the service's names and its address side by side; a name has one address for all ports. */
function virtualHostAddresses(proxy: ProxyScope, { host, port }: WantedHost): ResolvedHost[] {
  const found = virtualHostsOf(proxy, host);
  const ofPort = found.filter((each) => each.port === undefined || each.port === port);
  return (ofPort.length > 0 ? ofPort : found).map(({ ip, name }) => ({
    proxy,
    destination: { kind: 'ip', ip, port },
    source: `virtual host ${name}`,
  }));
}

interface NamedAddress {
  readonly ip: string;
  /** Of the service, where the virtual host is of one port. */
  readonly port: number | undefined;
  readonly name: string;
}

function virtualHostsOf({ resources }: ProxyScope, host: string): NamedAddress[] {
  return resources
    .filter((resource) => resource.kind === 'route_configuration' && takesTraffic(resource))
    .flatMap(({ node }) => node.list('virtual_hosts').flatMap((virtualHost) => addressesBeside(virtualHost, host)));
}

/** The IPs among the domains of a virtual host that lists the name as well. */
function addressesBeside(virtualHost: ConfigNode, host: string): NamedAddress[] {
  const domains = virtualHost.list('domains').map((domain) => (domain.asString() ?? '').toLowerCase());
  if (!domains.some((domain) => domain === host || domain.startsWith(`${host}:`))) return [];
  const name = virtualHost.string('name');
  const portOfName = /:(\d+)$/.exec(name)?.[1];
  return domains.flatMap((domain) => {
    const address = parseIpPort(domain);
    const ip = address?.ip ?? canonicalIp(domain);
    const port = portOfName === undefined ? address?.port : Number(portOfName);
    return ip === undefined ? [] : [{ ip, port, name }];
  });
}

function ztunnelAddresses(proxy: ProxyScope, { host, port }: WantedHost, sourceIp: string | undefined): ResolvedHost[] {
  const hosts = proxy.ztunnel ? ztunnelHosts(readZtunnel(proxy.ztunnel), host, sourceIp) : [];
  return hosts.flatMap(({ service, ips }) =>
    ips.map((ip): ResolvedHost => ({
      proxy,
      destination: { kind: 'ip', ip, port },
      source: `${service.vips.length > 0 ? 'service' : 'a workload of headless service'} ${service.namespace}/${service.hostname}`,
    })),
  );
}

/** Istio's own ports: HBONE, health, metrics, administration. Nobody's host name leads there. */
const SERVICE_PORTS = new Set([15000, 15004, 15008, 15020, 15021, 15053, 15090]);

/** The listener's own address: the port and the name asked for, else the name alone, else the only plain or TLS listener that takes every name. */
function gatewayAddresses(proxy: ProxyScope, wanted: WantedHost): ResolvedHost[] {
  const offers = proxy.listeners.flatMap(({ node }) => {
    if (captureOf(node) !== undefined) return [];
    const offered = offerOf(proxy, node, wanted);
    return boundSocketsOf(node)
      .filter(({ port }) => !SERVICE_PORTS.has(port))
      .map((socket) => ({ socket, name: listenerName(node), match: offered, samePort: socket.port === wanted.port }));
  });
  const tiers = [
    offers.filter(({ match, samePort }) => samePort && match === 'name'),
    offers.filter(({ match }) => match === 'name'),
    offers.filter(({ match, samePort }) => samePort && (match !== undefined || wanted.hasPort)),
    offers.filter(({ match }) => match === 'any'),
  ];
  const best = tiers.find((tier) => tier.length > 0) ?? [];
  return best.map(({ socket, name }): ResolvedHost => ({ proxy, destination: ownAddress(proxy, socket), source: `listener ${name}` }));
}

/** The address under which a bound socket is reached: a wildcard's is one of the proxy's own IPs, where they are known. */
export function ownAddress(proxy: ProxyScope, { ip, port, isWildcard }: BoundSocket): ResolvedHost['destination'] {
  const own = isWildcard
    ? (proxy.proxyNode.ips.find((each) => each.includes(':') === ip.includes(':')) ?? proxy.proxyNode.ips[0])
    : undefined;
  return { kind: 'ip', ip: own ?? ip, port };
}

/** Does a chain of the listener take this name (`name`), or any name (`any`)? Plain and TLS are told apart. */
function offerOf(proxy: ProxyScope, listener: ConfigNode, wanted: WantedHost): 'name' | 'any' | undefined {
  let best: 'name' | 'any' | undefined;
  const chains = [
    ...listener.list('filter_chains'),
    ...(listener.get('default_filter_chain') ? [listener.get('default_filter_chain')] : []),
  ];
  for (const chain of chains) {
    if (!chain) continue;
    const serverNames = chain.get('filter_chain_match')?.list('server_names') ?? [];
    const isTls = chain.has('transport_socket') || serverNames.length > 0;
    if (isTls !== wanted.isTls) continue;
    const match = serverNames.length > 0 ? matchName(serverNames, wanted.sni ?? '') : routesMatch(proxy, chain, wanted);
    if (match === 'name') return 'name';
    best ??= match;
  }
  return best;
}

function routesMatch(proxy: ProxyScope, chain: ConfigNode, { host, port }: WantedHost): 'name' | 'any' | undefined {
  let best: 'name' | 'any' | undefined;
  for (const filter of chain.list('filters')) {
    const typed = filter.typed();
    if (!typed?.type.endsWith('.HttpConnectionManager')) continue;
    const name = typed.node.path('rds', 'route_config_name')?.asString();
    const routes = typed.node.get('route_config') ?? (name === undefined ? undefined : proxy.byName.route_configuration.get(name)?.node);
    for (const virtualHost of routes?.list('virtual_hosts') ?? []) {
      const domains = virtualHost.list('domains');
      const match = matchName(domains, host) ?? matchName(domains, `${host}:${port}`);
      if (match === 'name') return 'name';
      best ??= match;
    }
  }
  return best;
}

function matchName(patterns: readonly ConfigNode[], name: string): 'name' | 'any' | undefined {
  let best: 'name' | 'any' | undefined;
  for (const pattern of patterns) {
    const text = (pattern.asString() ?? '').toLowerCase();
    if (text === '*') best = 'any';
    else if (
      text === name ||
      (text.startsWith('*') && name.endsWith(text.slice(1))) ||
      (text.endsWith('*') && name.startsWith(text.slice(0, -1)))
    )
      return 'name';
  }
  return best;
}
