/** What conditions ask besides: query parameters, other names of the client's certificate, members of filter state; and wrapped transport sockets below them. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { caPath, certificateOf, PRINCIPALS } from '../../certificates';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { cluster, connectionManager, extension, httpRequest, listener, once, typed, virtualHost } from '../parts';

const TYPES = 'type.googleapis.com';
const INPUTS = 'matching.common_inputs';
const SOCKETS = 'transport_sockets';

const query = (query_param: string): JsonObject => ({
  name: 'query',
  typed_config: { '@type': `${TYPES}/envoy.type.matcher.v3.HttpRequestQueryParamMatchInput`, query_param },
});
const queries = fc.constantFrom(query('q'), query('r'), query('none'));
const names = fc.constantFrom(
  extension('dns', `${INPUTS}.ssl.v3.DnsSanInput`),
  extension('subject', `${INPUTS}.ssl.v3.SubjectInput`),
  extension('uri', `${INPUTS}.ssl.v3.UriSanInput`),
  ...['state', 'ip', 'protocols'].map((key) => extension('whole', `${INPUTS}.network.v3.FilterStateInput`, { key: `lab.${key}` })),
  ...['ip', 'port', 'none'].map((field) => extension('part', `${INPUTS}.network.v3.FilterStateInput`, { key: 'lab.address', field })),
  extension('namespace', `${INPUTS}.network.v3.NetworkNamespaceInput`),
);
const value = fc.constantFrom<JsonObject[]>(
  { exact: '1' },
  { exact: '10.4.0.5' },
  { suffix: '80' },
  { prefix: 'a' },
  { contains: 'lab' },
  { safe_regex: { regex: '.*', google_re2: {} } },
  { suffix: '%20b' },
  { exact: 'CN=lab' },
);
const conditionOf = (input: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
  fc.tuple(input, value, fc.boolean()).map(([own, value_match, isInverted]): JsonObject => {
    const single_predicate: Json = { input: own, value_match };
    return isInverted ? { not_matcher: { single_predicate } } : { single_predicate };
  });

/** A filter that answers, unless the matcher has it skipped. */
const skipped = fc.array(conditionOf(queries), { minLength: 1, maxLength: 3 }).map((all): JsonObject => {
  const skip = {
    action: { name: 'skip', typed_config: { '@type': `${TYPES}/envoy.extensions.filters.common.matcher.action.v3.SkipFilter` } },
  };
  return {
    name: 'answer',
    typed_config: {
      '@type': `${TYPES}/envoy.extensions.common.matching.v3.ExtensionWithMatcher`,
      extension_config: extension('answer', 'filters.http.fault.v3.HTTPFault', {
        abort: { http_status: 418, percentage: { numerator: 100 } },
      }),
      xds_matcher: { matcher_list: { matchers: all.map((predicate) => ({ predicate, on_match: skip })) } },
    },
  };
});

const verdict = (action: string): JsonObject => ({
  action: { name: action, typed_config: { '@type': `${TYPES}/envoy.config.rbac.v3.Action`, name: action, action } },
});
const guard = fc.tuple(conditionOf(names), fc.boolean()).map(([predicate, allows]) =>
  extension('guard', 'filters.http.rbac.v3.RBAC', {
    matcher: {
      matcher_list: { matchers: [{ predicate, on_match: verdict(allows ? 'ALLOW' : 'DENY') }] },
      on_no_match: verdict(allows ? 'DENY' : 'ALLOW'),
    },
  }),
);
function object(key: string, factory_key: string, inline_string: string): JsonObject {
  return { object_key: `lab.${key}`, factory_key, format_string: { text_format_source: { inline_string } } };
}

const state = extension('state', 'filters.http.set_filter_state.v3.Config', {
  on_request_headers: [
    object('state', 'envoy.string', '%REQ(x)%'),
    object('ip', 'envoy.network.ip', '10.4.0.5'),
    object('protocols', 'envoy.network.application_protocols', 'a,1'),
    object('address', 'envoy.network.transport_socket.original_dst_address', '10.4.0.5:9080'),
  ],
});

const RAW = extension('raw', `${SOCKETS}.raw_buffer.v3.RawBuffer`);
const serving: JsonObject = typed(`${SOCKETS}.tls.v3.DownstreamTlsContext`, {
  common_tls_context: { tls_certificates: [certificateOf('lab.test')], validation_context: { trusted_ca: { filename: caPath() } } },
});
const calling: JsonObject = typed(`${SOCKETS}.tls.v3.UpstreamTlsContext`, { sni: 'up.test' });
const counted = (transport_socket: JsonObject): JsonObject =>
  extension('counted', `${SOCKETS}.tcp_stats.v3.Config`, { transport_socket, update_period: '10s' });

/** How a listener may wrap its socket; with STARTTLS the bytes are plain until somebody asks for more. */
const downstream = fc.constantFrom<JsonObject[]>(
  counted(RAW),
  counted({ name: 'tls', typed_config: serving }),
  { name: 'tls', typed_config: serving },
  { name: 'tls', typed_config: serving },
  extension('start', `${SOCKETS}.starttls.v3.StartTlsConfig`, { tls_socket_config: fieldsOf(serving) }),
);
const upstream = fc.constantFrom<JsonObject[]>(
  counted(RAW),
  counted({ name: 'tls', typed_config: calling }),
  extension('start', `${SOCKETS}.starttls.v3.UpstreamStartTlsConfig`, { tls_socket_config: fieldsOf(calling) }),
  RAW,
);

function fieldsOf(message: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(message).filter(([name]) => name !== '@type'));
}

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    path: fc.constantFrom('/', '/?q=1', '/?q=a&q=1', '/?r=a%20b', '/?q&r=1', '/?q=a+b&r=', '/x?R=1&q=%61', '/?r=a?b', '/?q=1#r=1'),
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http2'),
    principal: fc.constantFrom('', ...PRINCIPALS),
    headers: fc.subarray<[string, string]>([['x', 'a']]),
  })
  .map(({ principal, ...http }) =>
    httpRequest(http, {
      transport: 'tls',
      ...(principal === '' ? {} : { peerPrincipals: [principal], peerNames: { dns: [], ips: [], emails: [], subject: 'CN=lab' } }),
    }),
  );

export const rareInputs: fc.Arbitrary<LabCase> = fc
  .record({
    filters: fc.array(fc.oneof(skipped, guard), { minLength: 1, maxLength: 1 }),
    downstream,
    upstream: fc.option(upstream, { nil: undefined }),
    requests: fc.array(client, { minLength: 4, maxLength: 7 }),
  })
  .map(({ filters, downstream: served, upstream: called, requests }) => {
    const routes = [{ match: { prefix: '/' }, route: { cluster: '§c1' } }];
    const manager = connectionManager({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, [state, ...filters]);
    const isPlain = served['name'] === 'start' || JSON.stringify(served).includes('RawBuffer');
    return {
      area: 'rare_input',
      listeners: [listener('l', [{ name: 'f', filters: [manager], transport_socket: served }])],
      clusters: [cluster(1, called && { fields: { transport_socket: called } })],
      requests: once(isPlain ? requests.map(plain) : requests),
    };
  });

function plain({ connection: { peerPrincipals: _, peerNames: __, ...connection }, http }: TraceRequest): TraceRequest {
  return { connection: { ...connection, transport: 'raw_buffer' }, ...(http && { http: { ...http, scheme: 'http' } }) };
}
