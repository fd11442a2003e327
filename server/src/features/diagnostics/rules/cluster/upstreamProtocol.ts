/** HTTP versions that need a certain transport socket (source/extensions/upstreams/http/config.cc, source/common/upstream/upstream_impl.cc). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { hasMessage } from '../../../../schema/table/readTable';
import { typesOfCategory } from '../../../../schema/extensions/extensionCategories';
import { CLUSTER, HTTP_OPTIONS, QUIC_UPSTREAM, UPSTREAM_TLS } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

/** Sockets that negotiate no protocol. */
const WITHOUT_ALPN = ['', 'envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer'];

export const upstreamProtocol = refusalRule('upstream-protocol', {
  [CLUSTER]: (cluster) => {
    const foreign = withoutOptions(cluster);
    if (foreign) return [foreign];
    const both = bothVersions(cluster);
    if (both) return [both];
    const untyped = cluster.map('typed_extension_protocol_options').find(([key, value]) => key === HTTP_OPTIONS && isEmpty(value))?.[1];
    if (untyped) return [errorAt(untyped, '"upstream_protocol_options" is required, and an "@type".')];
    const options = cluster.map('typed_extension_protocol_options').find(([, value]) => readTyped(value).type === HTTP_OPTIONS)?.[1];
    return options && !cluster.isIncomplete
      ? [checkHttp3(cluster, options), checkAuto(cluster, options), requestLimits(cluster, options)]
      : [];
  },
});

/** Network filters that have options for clusters; no HTTP filter has (upstream_impl.cc createProtocolOptionsConfig). */
const WITH_OPTIONS = /^envoy\.filters\.network\.(?:redis_proxy|thrift_proxy)$/;

function isEmpty(value: ConfigNode): boolean {
  return value.isObject && !value.isIncomplete && value.entries().length === 0;
}

function withoutOptions(cluster: ConfigNode): Problem | undefined {
  const options = cluster.get('typed_extension_protocol_options');
  const [name, value] = cluster
    .map('typed_extension_protocol_options')
    .find(([key]) => /^envoy\.filters\.(?:http|network)\.\w+$/.test(key) && !WITH_OPTIONS.test(key)) ?? ['', undefined];
  const type = value && readTyped(value).type;
  const isStandard = value && (type === '' || hasMessage(type ?? '') || (type ?? '').startsWith('google.protobuf.'));
  return options && isStandard && STANDARD_FILTERS().has(name)
    ? errorAt(value, `The filter ${name} does not support protocol options.`)
    : undefined;
}

/** Names by which the standard Envoy knows its filters, made of their packages. */
function STANDARD_FILTERS(): ReadonlySet<string> {
  return (standardFilters ??= new Set(
    ['http', 'network'].flatMap((kind) =>
      [...typesOfCategory(`filters.${kind}`)]
        .flatMap((type) => /^envoy\.extensions\.(filters\.\w+\.\w+)\./.exec(type)?.[1] ?? [])
        .map((name) => `envoy.${name}`),
    ),
  ));
}

let standardFilters: ReadonlySet<string> | undefined;

/** upstream_impl.cc: options of two versions need to be told apart. */
function bothVersions(cluster: ConfigNode): Problem | undefined {
  const http2 = cluster.get('http2_protocol_options');
  const isDefault = cluster.isEnum('protocol_selection', 'USE_CONFIGURED_PROTOCOL', 0);
  return http2 && cluster.has('http_protocol_options') && isDefault && !cluster.isIncomplete
    ? errorAt(http2, 'Options of both HTTP/1 and HTTP/2 may only be configured with another "protocol_selection" than the default.')
    : undefined;
}

/** The limit of requests per connection stands in one of two places. */
function requestLimits(cluster: ConfigNode, options: ConfigNode): Problem | undefined {
  const second = options.path('common_http_protocol_options', 'max_requests_per_connection');
  return second && cluster.has('max_requests_per_connection')
    ? errorAt(second, '"max_requests_per_connection" is set in the cluster, too: only one of the two can be specified.')
    : undefined;
}

function checkHttp3(cluster: ConfigNode, options: ConfigNode): Problem | undefined {
  const auto = options.path('auto_config', 'http3_protocol_options');
  const http3 =
    auto ??
    options.path('explicit_http_config', 'http3_protocol_options') ??
    options.path('use_downstream_protocol_config', 'http3_protocol_options');
  if (!http3) return undefined;
  if (auto && !options.path('auto_config', 'alternate_protocols_cache_options'))
    return errorAt(auto, 'The alternate protocols cache must be configured when HTTP/3 is enabled with "auto_config".');
  const socket = cluster.get('transport_socket');
  const type = socket?.typed()?.type ?? '';
  const name = socket?.string('name');
  if (name === QUIC_SOCKET || (!socket && cluster.has('transport_socket_matches')) || !isPlainSocket(type)) return undefined;
  const at = socket && type === QUIC_UPSTREAM ? (socket.get('name') ?? socket) : http3;
  return errorAt(at, `HTTP/3 requires a QuicUpstreamTransport transport socket, and Envoy knows it by the name "${QUIC_SOCKET}".`);
}

/** upstream_impl.cc asks for the name alone. */
const QUIC_SOCKET = 'envoy.transport_sockets.quic';

function isPlainSocket(type: string): boolean {
  return type === '' || /^envoy\.extensions\.transport_sockets\.(?:tls|raw_buffer|quic)\./.test(type);
}

function checkAuto(cluster: ConfigNode, options: ConfigNode): Problem | undefined {
  const auto = options.get('auto_config');
  if (!auto) return undefined;
  const matches = cluster.list('transport_socket_matches').map((match) => match.get('transport_socket'));
  const own = cluster.get('transport_socket');
  const plain = [own, ...matches].filter(negotiatesNothing);
  const related = plain.flatMap((at) => (at ? [{ message: 'The socket that does not', at }] : []));
  return plain.length > 0 ? errorAt(auto, '"auto_config" needs transport sockets that negotiate ALPN (TLS).', { related }) : undefined;
}

/** A transport socket without ALPN; without any there is plain text. */
export function negotiatesNothing(socket: ConfigNode | undefined): boolean {
  const type = socket?.typed()?.type ?? '';
  return type !== UPSTREAM_TLS && WITHOUT_ALPN.includes(type);
}
