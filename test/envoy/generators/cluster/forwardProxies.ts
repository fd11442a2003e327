/** Clusters whose connections go through an HTTP/1.1 proxy, named by metadata, by filter state or by the transport socket. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { caPath } from '../../certificates';
import type { Json, JsonObject, LabCase } from '../../labCase';
import {
  cluster,
  clusters,
  endpoint,
  extension,
  httpChain,
  httpRequest,
  listener,
  once,
  optional,
  socketAddress,
  tcpProxy,
  typed,
  virtualHost,
} from '../parts';

const INFO = 'envoy.network.transport_socket.http_11_proxy.info';
const METADATA_KEY = 'envoy.http11_proxy_transport_socket.proxy_address';

const proxyMetadata = fc
  .constantFrom<JsonObject[]>(
    { '@type': 'type.googleapis.com/envoy.config.core.v3.Address', ...socketAddress('10.201.0.9', 9082) },
    { '@type': 'type.googleapis.com/envoy.config.core.v3.Address', ...socketAddress('10.201.0.8', 9081) },
  )
  .map((address): JsonObject => ({ typed_filter_metadata: { [METADATA_KEY]: address } }));

const inner = fc.constantFrom<JsonObject[]>(
  { name: 'raw', typed_config: typed('transport_sockets.raw_buffer.v3.RawBuffer') },
  {
    name: 'tls',
    typed_config: typed('transport_sockets.tls.v3.UpstreamTlsContext', {
      sni: 'sni.test',
      common_tls_context: { validation_context: { trusted_ca: { filename: caPath() } } },
    }),
  },
);

const socket = fc.tuple(inner, fc.boolean(), fc.boolean(), fc.boolean()).map(([under, wraps, hasDefault, isOpen]): JsonObject =>
  wraps
    ? extension('proxied', 'transport_sockets.http_11_proxy.v3.Http11ProxyUpstreamTransport', {
        ...(isOpen ? {} : { transport_socket: under }),
        ...(hasDefault ? { default_proxy_address: socketAddress('10.201.0.7', 9080) } : {}),
      })
    : under,
);

const version = fc.constantFrom<JsonObject[]>({}, {}, { http2_protocol_options: {} }).map((explicit): JsonObject => {
  const key = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  const config = Object.keys(explicit).length > 0 ? explicit : { http_protocol_options: {} };
  return { typed_extension_protocol_options: { [key]: { '@type': `type.googleapis.com/${key}`, explicit_http_config: config } } };
});

const proxied = fc
  .record({
    socket,
    version,
    hostname: fc.constantFrom('', 'up.test', 'up.test:99'),
    // Of both Envoy would make two CONNECTs.
    place: fc.constantFrom('endpoint', 'endpoint', 'locality', 'none'),
    proxyMetadata,
  })
  .map(({ socket: transport, version: options, hostname, place, proxyMetadata: metadata }) => {
    const host = endpoint('10.200.0.1', 9080, place === 'endpoint' ? { metadata } : {});
    const named = { ...host, endpoint: { ...(host['endpoint'] as JsonObject), hostname } };
    const group = { lb_endpoints: [named], ...(place === 'locality' ? { locality: { zone: 'z' }, metadata } : {}) };
    return cluster(1, { endpoints: [group], fields: { ...options, transport_socket: transport } });
  });

const info = fc.constantFrom(
  '',
  '',
  'target.test,10.201.0.6:9081',
  'target.test:8443,10.201.0.6:9081',
  'target.test, [fd00::9]:9080',
  'no comma',
  ',10.201.0.6:9081',
  'target.test,proxy.test:9081',
);

const object = (text: string): Json => [{ object_key: INFO, format_string: { text_format_source: { inline_string: text } } }];

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http2'),
    authority: fc.constantFrom('a.test', 'a.test:8080'),
    path: fc.constantFrom('/', '/a?x=1'),
    method: fc.constantFrom('GET', 'POST'),
  })
  .map((http) => httpRequest(http));

const actions = optional({ host_rewrite_literal: fc.constant('other.test'), auto_host_rewrite: fc.constant(true) }).map(
  (fields): JsonObject => ('host_rewrite_literal' in fields ? { host_rewrite_literal: 'other.test' } : fields),
);

export const forwardProxies: fc.Arbitrary<LabCase> = fc
  .record({
    proxied,
    info,
    isTcp: fc.constantFrom(false, false, true),
    actions,
    requests: fc.array(client, { minLength: 2, maxLength: 4 }),
  })
  .map(({ proxied: first, info: text, isTcp, actions: fields, requests }) => {
    const state = (kind: string, field: string): JsonObject[] =>
      text === '' ? [] : [extension('state', `filters.${kind}.set_filter_state.v3.Config`, { [field]: object(text) })];
    const routes = { virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route: { cluster: '§c1', ...fields } }])] };
    // Plain bytes behind a CONNECT are not always sent on: nothing wakes Envoy up when the answer has come.
    const written = JSON.stringify(first);
    const speaksTcp = isTcp && (written.includes('UpstreamTlsContext') || !written.includes('Http11ProxyUpstreamTransport'));
    const chain = speaksTcp
      ? { name: 'tcp', filters: [...state('network', 'on_new_connection'), tcpProxy({ cluster: '§c1' })] }
      : httpChain(routes, { httpFilters: state('http', 'on_request_headers') });
    return {
      area: 'forward_proxy',
      listeners: [listener('l', [chain])],
      clusters: [first, ...clusters(2).slice(1)],
      requests: once(speaksTcp ? requests.map(({ connection }) => ({ connection })) : requests),
    };
  });
