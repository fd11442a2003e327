/** Hover of keys and values in `filter_metadata`: whose they are, and what Istio means by those that it writes (istio: pilot/pkg/networking/util, pkg/model). */
import type { ConfigNode } from '../../schema/configNode';
import { wordTable } from '../../text/wordTable';
import { code } from '../writing/markdown';

const ISTIO: Readonly<Record<string, string>> = wordTable({
  alpn_override: "Whether Istio's filter sets the ALPN protocols of this cluster.",
  config: 'The Istio resource that this was made of.',
  default_original_port: 'The port that the service has, for clusters that go where the client wanted to.',
  disable_mx: 'No exchange of metadata with the other side: it speaks no Istio.',
  external: 'The service is outside of the mesh.',
  services: 'The services that this belongs to.',
  subset: 'The subset of the DestinationRule.',
  workload: 'The workload behind the address: name, namespace, canonical service, its version, and the cluster.',
});

const SERVICE: Readonly<Record<string, string>> = wordTable({
  host: 'The host of the service.',
  name: 'The name of the service.',
  namespace: 'The namespace of the service.',
});

/** By namespace. */
const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = wordTable<Readonly<Record<string, string>>>({
  istio: ISTIO,
  'envoy.transport_socket_match': {
    tlsMode:
      "Picks the transport socket of the cluster (`transport_socket_matches`): `istio` for workloads that take Istio's mutual TLS, `disabled` for the others.",
    tunnel: 'Picks the transport socket of the cluster: `http` for workloads that are reached through an HBONE tunnel.',
  },
  'envoy.filters.listener.original_dst': {
    local: 'The address that an internal listener takes for the one that the client wanted to reach.',
    waypoint: 'The waypoint that the connection goes through.',
  },
  tunnel: { address: 'Where the tunnel ends.', destination: 'What is asked for through the tunnel.' },
});

const ANY_NAMESPACE = 'Notes that filters, access loggers and matchers read under this name.';
const NAMESPACES: Readonly<Record<string, string>> = wordTable({
  'envoy.filters.listener.original_dst': 'Where an internal listener takes the original destination from.',
  'envoy.lb': 'By these, hosts belong to subsets (`lb_subset_config`), and routes pick subsets (`metadata_match`).',
  'envoy.transport_socket_match': 'By these, an endpoint gets its transport socket (`transport_socket_matches` of the cluster).',
  istio: 'What Istio notes of its own: which resource this was made of, which services and workloads it is.',
});

/** Undefined outside of metadata. */
export function describeMetadata(node: ConfigNode): string | undefined {
  const keys: string[] = [];
  for (let at: ConfigNode | undefined = node; at && keys.length < 16; at = at.parent) {
    if (at.isField('filter_metadata')) return describe(keys.reverse());
    if (at.key !== '') keys.push(at.key);
  }
  return undefined;
}

/** The namespace, and the way in it. */
function describe([namespace, ...way]: readonly string[]): string | undefined {
  if (namespace === undefined) return undefined;
  const last = way.at(-1);
  if (last === undefined) return `**Metadata** of ${code(namespace)}\n\n${NAMESPACES[namespace] ?? ANY_NAMESPACE}`;
  const words =
    way[0] === 'services' && way.length > 1 && namespace === 'istio'
      ? SERVICE[last]
      : way.length === 1
        ? KNOWN[namespace]?.[last]
        : undefined;
  return [`**Metadata** ${way.map(code).join(' › ')} of ${code(namespace)}`, words].filter((each) => each !== undefined).join('\n\n');
}
