/** HBONE-like tunnels: a CONNECT that ends here, an internal listener that routes what is inside, another CONNECT onward. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { caPath, certificateOf, PRINCIPALS } from '../../certificates';
import type { JsonObject, LabCase } from '../../labCase';
import {
  cluster,
  connectionManager,
  extension,
  httpRequest,
  listener,
  once,
  optional,
  ORIGINAL_DST,
  ROUTER,
  tcpProxy,
  TLS_INSPECTOR,
  typed,
  virtualHost,
} from '../parts';

const serverTls = (): JsonObject => ({
  name: 'tls',
  typed_config: typed('transport_sockets.tls.v3.DownstreamTlsContext', {
    require_client_certificate: true,
    common_tls_context: {
      alpn_protocols: ['h2'],
      tls_certificates: [certificateOf('lab.test')],
      validation_context: { trusted_ca: { filename: caPath() } },
    },
  }),
});

function http2Options(): JsonObject {
  const key = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return {
    typed_extension_protocol_options: {
      [key]: { '@type': `type.googleapis.com/${key}`, explicit_http_config: { http2_protocol_options: {} } },
    },
  };
}

function internalCluster(name: string, to: string, passes: boolean): JsonObject {
  const raw = { name: 'raw', typed_config: typed('transport_sockets.raw_buffer.v3.RawBuffer') };
  const socket = typed('transport_sockets.internal_upstream.v3.InternalUpstreamTransport', { transport_socket: raw });
  const host = { endpoint: { address: { envoy_internal_address: { server_listener_name: to } } } };
  return {
    name,
    connect_timeout: '1s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [host] }] },
    ...(passes ? { transport_socket: { name: 'internal', typed_config: socket } } : {}),
  };
}

const KEYS = ['lab.peer', 'envoy.filters.listener.original_dst.local_ip'];

const state = fc
  .record({
    share: fc.constantFrom('ONCE', 'TRANSITIVE', 'NONE'),
    destination: fc.constantFrom('%REQ(:authority)%', '10.244.9.9:80', '%DOWNSTREAM_LOCAL_ADDRESS%'),
  })
  .map(({ share, destination }) =>
    extension('state', 'filters.http.set_filter_state.v3.Config', {
      on_request_headers: [
        {
          object_key: KEYS[0] ?? '',
          factory_key: 'envoy.string',
          format_string: { text_format_source: { inline_string: '%DOWNSTREAM_PEER_URI_SAN%' } },
          shared_with_upstream: share,
        },
        {
          object_key: KEYS[1] ?? '',
          format_string: { text_format_source: { inline_string: destination } },
          shared_with_upstream: share,
          skip_if_empty: true,
        },
      ],
    }),
  );

const guard = fc.constantFrom<(JsonObject | undefined)[]>(...PRINCIPALS.map(denyPeer), undefined, undefined);

function denyPeer(principal: string): JsonObject {
  const principals = [{ filter_state: { key: KEYS[0] ?? '', string_match: { exact: principal } } }];
  return extension('rbac', 'filters.http.rbac.v3.RBAC', {
    rules: { action: 'DENY', policies: { peer: { permissions: [{ any: true }], principals } } },
  });
}

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    authority: fc.constantFrom('10.244.1.5:80', '10.244.1.6:8080', 'target.test:443'),
    principal: fc.constantFrom(...PRINCIPALS),
    inner: fc.constantFrom('bytes', 'http1', 'http1', 'http2'),
    path: fc.constantFrom('/', '/a', '/b?x=1'),
    more: optional({ x: fc.constantFrom('abc', '5') }),
  })
  .map(({ authority, principal, inner, path, more }) => {
    const connection = { transport: 'tls' as const, alpn: ['h2'], peerPrincipals: [principal] };
    const outer = httpRequest({ version: 'http2', method: 'CONNECT', authority, path: '', scheme: 'https' }, connection);
    if (inner === 'bytes') return outer;
    const headers = Object.entries(more) as [string, string][];
    const http = { version: inner, method: 'GET', scheme: 'http' as const, authority: 'in.test', path, headers };
    return { ...outer, inner: { http } };
  });

function innerRoutes(forward: string): JsonObject {
  const routes: JsonObject[] = [
    { match: { prefix: '/b' }, direct_response: { status: 418, body: { inline_string: 'teapot' } } },
    { match: { prefix: '/', headers: [{ name: 'x', string_match: { exact: 'abc' } }] }, route: { cluster: '§c1' } },
    { match: { prefix: '/' }, route: { cluster: forward } },
  ];
  const request_headers_to_add = [`%FILTER_STATE(${KEYS[0] ?? ''}:PLAIN)%`, '%DOWNSTREAM_LOCAL_ADDRESS%', '%REQ(:authority)%'].map(
    (value, index) => ({
      header: { key: `x-inner-${index}`, value },
    }),
  );
  return { virtual_hosts: [virtualHost('v', ['*'], routes)], request_headers_to_add };
}

export const tunnels: fc.Arbitrary<LabCase> = fc
  .record({
    state,
    guard,
    passes: fc.constantFrom(true, true, false),
    restores: fc.boolean(),
    forward: fc.constantFrom('§originate', '§originate', '§c1'),
    announces: fc.constantFrom<JsonObject[]>(
      {},
      {},
      {},
      { proxy_protocol_config: { version: 'V1' } },
      { proxy_protocol_config: { version: 'V2' } },
    ),
    accepts: fc.constantFrom(false, false, true),
    names: fc.constantFrom('next.test:15008', `%FILTER_STATE(${KEYS[1] ?? ''}:PLAIN)%`),
    requests: fc.array(client, { minLength: 3, maxLength: 5 }),
  })
  .map(({ state: filter, guard: rbac, passes, restores, forward, announces, accepts, names, requests }) => {
    // Where the state does not arrive the name would be none that HTTP/2 takes.
    const arrives = passes && JSON.stringify(filter).includes('TRANSITIVE') && !JSON.stringify(filter).includes('LOCAL_ADDRESS');
    const hostname = arrives ? names : 'next.test:15008';
    const connect = { upgrade_configs: [{ upgrade_type: 'CONNECT', connect_config: announces }] };
    const outerRoutes = {
      virtual_hosts: [virtualHost('outer', ['*'], [{ match: { connect_matcher: {} }, route: { cluster: '§main', ...connect } }])],
    };
    const outer = connectionManager(outerRoutes, [filter], {
      upgrade_configs: [{ upgrade_type: 'CONNECT' }],
      http_filters: [filter, ROUTER],
    });
    const chains: JsonObject[] = [
      {
        name: 'eighty',
        filter_chain_match: { destination_port: 80 },
        filters: [connectionManager(innerRoutes(forward), rbac ? [rbac] : [])],
      },
      { name: 'rest', filters: [tcpProxy({ cluster: forward })] },
    ];
    const readers = [
      ...(accepts ? [extension('proxy_protocol', 'filters.listener.proxy_protocol.v3.ProxyProtocol')] : []),
      ...(restores ? [ORIGINAL_DST] : []),
    ];
    const main: JsonObject = {
      name: '§main',
      internal_listener: {},
      filter_chains: chains,
      ...(readers.length > 0 ? { listener_filters: readers } : {}),
    };
    const originate: JsonObject = {
      name: '§originate',
      internal_listener: {},
      filter_chains: [{ name: 'go', filters: [tcpProxy({ cluster: '§c2', tunneling_config: { hostname } })] }],
    };
    return {
      area: 'tunnel',
      listeners: [
        listener('l', [{ name: 'outer', transport_socket: serverTls(), filters: [outer] }], { listener_filters: [TLS_INSPECTOR] }),
        main,
        originate,
      ],
      clusters: [
        internalCluster('§main', '§main', passes),
        internalCluster('§originate', '§originate', passes),
        cluster(1),
        cluster(2, { fields: http2Options() }),
      ],
      requests: once(requests),
    };
  });
