/** Whose an IP is, as far as the documents tell: a proxy, a service's virtual IP, a workload, an endpoint of a service. */
import type { DocumentFacts } from '../../index/documentFacts';
import { canonicalIp, parseIpPort } from '../../model/address';
import { parseIstioClusterName, readIstioWorkload } from '../../model/istio/istioNames';
import { endpointsOf } from '../../model/loadAssignment';
import type { ConfigNode } from '../../schema/configNode';
import { shortProxy } from '../../model/summary/shortProxy';
import { memoizeByObject } from '../../text/memoizeByObject';
import type { Snapshot } from '../../index/snapshot';

/** In words: `productpage-v1.default (sidecar)`, `service reviews.default`; undefined where no document knows it. `ip` in canonical form. */
export function ownerOfAddress(snapshot: Snapshot, ip: string): string | undefined {
  const proxy = snapshot.proxies.find(({ proxyNode }) => proxyNode.ips.includes(ip));
  if (proxy) return shortProxy(proxy.id);
  const tables = [...snapshot.documents.values()].map(tableOf);
  for (const kind of ['services', 'workloads', 'endpoints'] as const) {
    const owner = tables.map((table) => table[kind].get(ip)).find((each) => each !== undefined);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

interface AddressTable {
  readonly services: Map<string, string>;
  readonly workloads: Map<string, string>;
  readonly endpoints: Map<string, string>;
}

/** Read once for each state of a document; a dump that is not edited keeps its table. */
const tableOf = memoizeByObject(readTable);

function readTable({ parts }: DocumentFacts): AddressTable {
  const table: AddressTable = { services: new Map(), workloads: new Map(), endpoints: new Map() };
  for (const { resources } of parts)
    for (const { kind, node } of resources) {
      if (kind === 'route_configuration') node.list('virtual_hosts').forEach((host) => addVirtualHost(table, host));
      else if (kind === 'load_assignment') addEndpoints(table, node, node.string('cluster_name'));
      else if (kind === 'cluster') addEndpoints(table, node.get('load_assignment'), node.string('name'));
    }
  return table;
}

/** Istio lists a service's virtual IP among the domains of its virtual host. */
function addVirtualHost({ services }: AddressTable, host: ConfigNode): void {
  const domains = host.list('domains').flatMap((domain) => domain.asString() ?? []);
  const name = domains.map(withoutPort).find((domain) => domain !== '*' && canonicalIp(domain) === undefined);
  if (name === undefined) return;
  for (const domain of domains) {
    const ip = canonicalIp(withoutPort(domain));
    if (ip !== undefined && !services.has(ip)) services.set(ip, `service ${shortHost(name)}`);
  }
}

function addEndpoints({ workloads, endpoints }: AddressTable, assignment: ConfigNode | undefined, cluster: string): void {
  if (!assignment) return;
  const host = parseIstioClusterName(cluster)?.host;
  for (const { address, node } of endpointsOf(assignment)) {
    if (address?.kind !== 'ip') continue;
    const workload = workloadOf(node);
    if (workload !== undefined) workloads.set(address.ip, workload);
    else if (host !== undefined && host !== '' && !endpoints.has(address.ip)) endpoints.set(address.ip, `endpoint of ${shortHost(host)}`);
  }
}

function workloadOf(endpoint: ConfigNode): string | undefined {
  const written = endpoint.path('metadata', 'filter_metadata', 'istio', 'workload')?.asString() ?? '';
  const { name, namespace } = readIstioWorkload(written);
  return name === '' ? undefined : `workload ${name}.${namespace}`;
}

function withoutPort(domain: string): string {
  return parseIpPort(domain)?.ip ?? domain.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** `reviews.default.svc.cluster.local` → `reviews.default` */
function shortHost(host: string): string {
  return host.replace(/\.svc(?:\..*)?$/, '');
}
