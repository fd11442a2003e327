/** What an upstream transport socket does to the bytes, wrappers opened (extensions/transport_sockets). */
import { memoizeByNode, readTyped, type ConfigNode, type TypedConfig } from '../../schema/configNode';
import { shortNameOf } from '../../schema/table/typeUrl';

export interface UpstreamSocket {
  /** `UpstreamTlsContext`. */
  readonly tls: ConfigNode | undefined;
  readonly isQuic: boolean;
  /** `InternalUpstreamTransport`: passes metadata and filter state into an internal listener. */
  readonly internal: ConfigNode | undefined;
  /** Writes a PROXY protocol header first. */
  readonly proxyProtocol: ConfigNode | undefined;
  /** `Http11ProxyUpstreamTransport`: asks a proxy for the host first. */
  readonly http11Proxy: ConfigNode | undefined;
  /** A transport socket that we do not know. Example: `envoy.transport_sockets.alts` */
  readonly opaque: string | undefined;
}

/** In the place of its name. */
export const LOST_SOCKET = 'the transport socket that the file leaves out';

const RAW: UpstreamSocket = {
  tls: undefined,
  isQuic: false,
  internal: undefined,
  proxyProtocol: undefined,
  http11Proxy: undefined,
  opaque: undefined,
};
const MAX_DEPTH = 8;

/** Reads `core.v3.TransportSocket` once; undefined is a raw buffer. */
export function readTransportSocket(node: ConfigNode | undefined): UpstreamSocket {
  return node ? readOnce(node) : RAW;
}

const readOnce = memoizeByNode((node) => read(node, RAW, 0));

function read(node: ConfigNode, outer: UpstreamSocket, depth: number): UpstreamSocket {
  const typed = node.typed() ?? oldConfig(node);
  const inner = typed?.node.get('transport_socket');
  const name = node.string('name');
  const short = shortNameOf(typed?.type ?? '');
  const open = (socket: UpstreamSocket): UpstreamSocket => {
    if (inner && depth < MAX_DEPTH) return read(inner, socket, depth + 1);
    return typed?.node.isIncomplete === true ? { ...socket, opaque: LOST_SOCKET } : socket;
  };
  switch (short) {
    case 'UpstreamTlsContext':
      return { ...outer, tls: typed?.node };
    case 'QuicUpstreamTransport':
      return { ...outer, tls: typed?.node.get('upstream_tls_context'), isQuic: true };
    case 'InternalUpstreamTransport':
      return open({ ...outer, internal: typed?.node });
    case 'ProxyProtocolUpstreamTransport':
      return open({ ...outer, proxyProtocol: typed?.node });
    case 'Tap':
    case 'Config':
      return open(outer);
    case 'Http11ProxyUpstreamTransport':
      return open({ ...outer, http11Proxy: typed?.node });
    case 'RawBuffer':
    case 'UpstreamStartTlsConfig':
      return outer;
    case '':
      if (node.isIncomplete || node.get('typed_config')?.isIncomplete === true) return { ...outer, opaque: LOST_SOCKET };
      return name === '' || name.includes('raw_buffer') ? outer : { ...outer, opaque: name };
    default:
      return { ...outer, opaque: typed?.type ?? name };
  }
}

/** `tls_context` of old clusters, and `config` instead of `typed_config`. */
function oldConfig(node: ConfigNode): TypedConfig | undefined {
  if (node.has('common_tls_context')) return { type: 'UpstreamTlsContext', node };
  const config = node.get('config');
  if (!config) return undefined;
  return config.entry('@type')
    ? readTyped(config)
    : { type: node.string('name').includes('tls') ? 'UpstreamTlsContext' : '', node: config };
}
