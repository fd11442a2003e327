/** Which HTTP a cluster speaks (Envoy: source/extensions/upstreams/http/config.cc, ClusterInfoImpl::upstreamHttpProtocol). */
import { readTyped, type ConfigNode } from '../../schema/configNode';

type Version = 'http1' | 'http2' | 'http3';

export interface UpstreamHttp {
  readonly version: Version;
  /** `auto_config`: what the server's ALPN answer decides; `version` is what is offered first. */
  readonly isNegotiated: boolean;
  /** Offered where the TLS context names no protocols of its own. */
  readonly alpn: readonly string[];
}

const ALPN: Readonly<Record<Version, readonly string[]>> = { http1: ['http/1.1'], http2: ['h2'], http3: ['h3'] };

/** `HttpProtocolOptions`, else the old fields of the cluster, else HTTP/1.1. */
export function upstreamHttp(cluster: ConfigNode, downstream: string | undefined): UpstreamHttp {
  const options = httpProtocolOptions(cluster);
  const explicit = options?.get('explicit_http_config');
  const sameAsClient = options?.get('use_downstream_protocol_config');
  const automatic = options?.get('auto_config');
  if (explicit) return plain(versionOf(explicit));
  if (sameAsClient) return plain(followClient(sameAsClient, downstream));
  if (automatic) return { version: 'http2', isNegotiated: true, alpn: ['h2', 'http/1.1'] };
  const follows = cluster.isEnum('protocol_selection', 'USE_DOWNSTREAM_PROTOCOL', 1);
  if (follows) return plain(downstream === 'http2' ? 'http2' : 'http1');
  return plain(cluster.has('http2_protocol_options') ? 'http2' : 'http1');
}

/** `typed_extension_protocol_options` of HTTP; undefined where there are none. */
export function httpProtocolOptions(cluster: ConfigNode): ConfigNode | undefined {
  for (const [key, value] of cluster.map('typed_extension_protocol_options')) {
    const typed = readTyped(value);
    if (key === 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions' || typed.type.endsWith('.HttpProtocolOptions')) return typed.node;
  }
  return undefined;
}

function plain(version: Version): UpstreamHttp {
  return { version, isNegotiated: false, alpn: ALPN[version] };
}

function versionOf(explicit: ConfigNode): Version {
  if (explicit.has('http3_protocol_options')) return 'http3';
  return explicit.has('http2_protocol_options') ? 'http2' : 'http1';
}

/** HTTP/3 only where the options have it, else HTTP/2. */
function followClient(options: ConfigNode, downstream: string | undefined): Version {
  if (downstream === 'http3') return options.has('http3_protocol_options') ? 'http3' : 'http2';
  return downstream === 'http2' ? 'http2' : 'http1';
}
