/** ORIGINAL_DST: the address comes with the request (Envoy: source/extensions/clusters/original_dst/original_dst_cluster.cc). */
import { objectOfStream } from '../../facts/filterStateObject';
import { parseIpPort, type Address } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { NotKnown } from '../../facts/notKnown';
import { knownHeader } from '../../facts/httpRequest';
import type { Hop } from '../../hop';
import { clusterExtensionOf } from './clusterExtension';
import { say, type Sentence } from '../../record/sentence';

export type DestinationAnswer =
  | {
      readonly kind: 'address';
      readonly address: Address;
      readonly because: Sentence;
      readonly at: ConfigNode | undefined;
      readonly isWaypoint: boolean;
    }
  | { readonly kind: 'none'; readonly because: Sentence; readonly at: ConfigNode }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

const STATE_KEY = 'envoy.network.transport_socket.original_dst_address';

/** The first of: filter state, metadata_key, header, restored local address; then the port is replaced where the cluster says so. */
export function originalDestination(hop: Hop, cluster: ConfigNode): DestinationAnswer {
  const config = balancingOf(cluster);
  const settings = cluster.get('cluster_type') ?? config;
  if (settings && keepsBack(settings))
    return { kind: 'unknown', missing: say`how ${cluster.string('name')} finds the destination: the file leaves a part of it out` };
  const found = fromFilterState(hop) ?? fromMetadata(hop, config) ?? fromHeader(hop, config) ?? fromLocalAddress(hop);
  const [doubt] = hop.doubts ?? [];
  if (!found && doubt) return { kind: 'unknown', missing: doubt };
  if (!found) return { kind: 'none', because: whyNone(config), at: config ?? cluster };
  if (found.kind !== 'address' || found.address.kind !== 'ip') return found;
  const port = config?.number('upstream_port_override');
  if (!port) return found;
  return {
    ...found,
    address: { ...found.address, port },
    because: say`${found.because}, with upstream_port_override ${port}`,
    at: config?.get('upstream_port_override') ?? found.at,
  };
}

/** `original_dst_lb_config`, or the same fields in the extension: beside a `cluster_type` the old field counts for nothing (observed with Envoy 1.40). */
function balancingOf(cluster: ConfigNode): ConfigNode | undefined {
  const extension = clusterExtensionOf(cluster);
  return extension ? extension.config : cluster.get('original_dst_lb_config');
}

function whyNone(config: ConfigNode | undefined): Sentence {
  if (config?.bool('use_http_header') === true)
    return say`the request has no original destination: no header ${headerName(config)} with an ip:port, and no listener filter restored an address`;
  return say`the request has no original destination: no listener filter restored an address`;
}

function fromFilterState(hop: Hop): DestinationAnswer | undefined {
  const state = objectOfStream(hop, STATE_KEY);
  if (!state) return undefined;
  if (state.unknown) return { kind: 'unknown', missing: say`the value of filter state ${STATE_KEY}` };
  const address = parseIpPort(state.value);
  return address && { kind: 'address', address, because: say`filter state ${STATE_KEY} says so`, at: undefined, isWaypoint: false };
}

/** `metadata_key`: in the request's dynamic metadata, then in the connection's; a text, or the first of a list. */
function fromMetadata(hop: Hop, config: ConfigNode | undefined): DestinationAnswer | undefined {
  const key = config?.get('metadata_key');
  const namespace = key?.string('key');
  if (!key || !namespace) return undefined;
  const path = key.list('path').map((segment) => segment.string('key'));
  for (const metadata of [hop.http?.metadata, hop.connection.metadata]) {
    const value = valueAt(metadata?.get(namespace), path);
    const text: unknown = Array.isArray(value) ? value[0] : value;
    if (text instanceof NotKnown) return { kind: 'unknown', missing: say`the destination in metadata ${namespace}: ${text.missing}` };
    if (typeof text !== 'string') continue;
    const address = parseIpPort(text);
    if (!address) return undefined;
    return {
      kind: 'address',
      address,
      because: say`metadata ${[namespace, ...path].join('.')} says so`,
      at: key,
      isWaypoint: path.includes('waypoint'),
    };
  }
  return undefined;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (at instanceof NotKnown) return at;
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

function headerName(config: ConfigNode): string {
  return config.string('http_header_name') || 'x-envoy-original-dst-host';
}

function fromHeader(hop: Hop, config: ConfigNode | undefined): DestinationAnswer | undefined {
  if (config?.bool('use_http_header') !== true || !hop.http) return undefined;
  const name = headerName(config);
  const values = knownHeader(hop.http.request, name);
  if (values instanceof NotKnown) return { kind: 'unknown', missing: say`the destination in header ${name}: ${values.missing}` };
  const [value] = values;
  const address = value === undefined ? undefined : parseIpPort(value);
  return address && { kind: 'address', address, because: say`header ${name} says so`, at: config, isWaypoint: false };
}

function fromLocalAddress(hop: Hop): DestinationAnswer | undefined {
  const { restored, destination } = hop.connection;
  if (!restored || !destination) return undefined;
  return {
    kind: 'address',
    address: destination,
    because: say`the connection's original destination, restored by a listener filter`,
    at: undefined,
    isWaypoint: false,
  };
}
