/** What HTTP/2 may be told to take or to refuse: octets beyond ASCII, a long field, errors of a stream. Node sends no headers of more than 64 KiB. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { JsonObject, LabCase } from '../../labCase';
import { cluster, httpChain, httpRequest, listener, once, optional, virtualHost } from '../parts';

const options = optional({
  disallow_obs_text: fc.boolean(),
  max_header_field_size_kb: fc.constantFrom(64, 100, 256),
  stream_error_on_invalid_http_messaging: fc.boolean(),
  override_stream_error_on_invalid_http_message: fc.boolean(),
}).map((fields): JsonObject => ({ http2_protocol_options: fields }));
const manager = optional({ max_request_headers_kb: fc.constantFrom(96, 200) });

const ofCluster = fc.constantFrom<JsonObject[]>(
  { explicit_http_config: { http_protocol_options: {} } },
  { explicit_http_config: { http2_protocol_options: { disallow_obs_text: true } } },
  { explicit_http_config: { http2_protocol_options: {} } },
);
const KEY = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http2', 'http2', 'http2'),
    path: fc.constantFrom('/a', '/direct', '/a?q'),
    headers: fc.subarray<[string, string]>([
      ['x', 'caf\u00e9'],
      ['x-long', 'v'.repeat(50_000)],
      ['y', 'one'],
    ]),
  })
  .map((http) => httpRequest(http));

export const seldomHttp2: fc.Arbitrary<LabCase> = fc
  .record({ options, manager, ofCluster, requests: fc.array(client, { minLength: 3, maxLength: 6 }) })
  .map(({ options: http2, manager: fields, ofCluster: spoken, requests }) => {
    const routes: JsonObject[] = [
      { match: { prefix: '/direct' }, direct_response: { status: 200, body: { inline_string: 'ok' } } },
      { match: { prefix: '/' }, route: { cluster: '§c1' } },
    ];
    const typed_extension_protocol_options = { [KEY]: { '@type': `type.googleapis.com/${KEY}`, ...spoken } };
    const chain = httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, { fields: { ...http2, ...fields } });
    return {
      area: 'seldom_http2',
      listeners: [listener('l', [chain])],
      clusters: [cluster(1, { fields: { typed_extension_protocol_options } })],
      requests: once(requests),
    };
  });
