/** Who the client is: x-forwarded-for, trusted hops, internal addresses, and what depends on them. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { clusters, extension, httpChain, httpRequest, listener, once, optional, typed, virtualHost } from '../parts';

const ADDRESSES = [
  '10.1.2.3',
  '203.0.113.9',
  '192.168.7.7',
  '2001:db8::7',
  '10.1.9.9:8080',
  '[2001:db8::7]:80',
  'nonsense',
  '',
  ' 10.4.4.4 ',
];

const forwarded = fc
  .tuple(fc.array(fc.constantFrom(...ADDRESSES), { minLength: 1, maxLength: 4 }), fc.constantFrom(',', ', '))
  .map(([list, separator]) => list.join(separator));

const range = fc
  .constantFrom(['10.0.0.0', 8], ['203.0.113.0', 24], ['192.168.0.0', 16], ['2001:db8::', 32])
  .map(([address_prefix = '', prefix_len = 0]): JsonObject => ({ address_prefix, prefix_len }));

const xffDetection = optional({
  xff_num_trusted_hops: fc.constantFrom(0, 1, 2),
  skip_xff_append: fc.boolean(),
}).chain((plain) =>
  fc
    .constantFrom(false, false, true)
    .chain((cidrs): fc.Arbitrary<JsonObject> =>
      cidrs
        ? range.map((each): JsonObject => ({ xff_trusted_cidrs: { cidrs: [each] }, skip_xff_append: plain['skip_xff_append'] ?? false }))
        : fc.constant(plain),
    ),
);

const detection: fc.Arbitrary<JsonObject> = fc.oneof(
  xffDetection.map((fields): JsonObject => ({ name: 'xff', typed_config: typed('http.original_ip_detection.xff.v3.XffConfig', fields) })),
  optional({
    allow_extension_to_set_address_as_trusted: fc.boolean(),
    reject_with_status: fc.constantFrom({ code: 'Forbidden' }, { code: 'OK' }),
  }).map((fields): JsonObject => ({
    name: 'header',
    typed_config: typed('http.original_ip_detection.custom_header.v3.CustomHeaderConfig', { header_name: 'x-real-ip', ...fields }),
  })),
);

const manager = fc.oneof(
  optional({
    use_remote_address: fc.boolean(),
    xff_num_trusted_hops: fc.constantFrom(1, 2),
    skip_xff_append: fc.boolean(),
    append_x_forwarded_port: fc.boolean(),
    internal_address_config: fc.constantFrom<JsonObject[]>(
      { cidr_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] },
      { unix_sockets: true },
      { cidr_ranges: [{ address_prefix: '203.0.113.0', prefix_len: 24 }] },
    ),
  }),
  fc.array(detection, { minLength: 1, maxLength: 2 }).map((original_ip_detection_extensions): JsonObject => ({
    original_ip_detection_extensions,
    internal_address_config: { cidr_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] },
  })),
);

const rbac = fc
  .tuple(fc.constantFrom('ALLOW', 'DENY'), fc.constantFrom('remote_ip', 'direct_remote_ip', 'source_ip'), range)
  .map(([action, kind, each]) =>
    extension('rbac', 'filters.http.rbac.v3.RBAC', {
      rules: { action, policies: { p: { permissions: [{ any: true }], principals: [{ [kind]: each }] } } },
    }),
  );

const client = fc
  .record({
    source: fc.constantFrom('10.1.2.3', '203.0.113.9', '192.168.7.7'),
    forwarded: fc.option(forwarded, { nil: undefined }),
    real: fc.option(fc.constantFrom('10.1.2.3', '203.0.113.9', 'nonsense', '2001:db8::7'), { nil: undefined }),
    proto: fc.option(fc.constantFrom('https', 'http', 'ftp', 'HTTPS'), { nil: undefined }),
    internal: fc.constantFrom(false, false, true),
  })
  .map(({ source, forwarded: xff, real, proto, internal }) => {
    const headers: [string, string][] = [];
    if (xff !== undefined) headers.push(['x-forwarded-for', xff]);
    if (real !== undefined) headers.push(['x-real-ip', real]);
    if (proto !== undefined) headers.push(['x-forwarded-proto', proto]);
    if (internal) headers.push(['x-envoy-internal', 'true']);
    return httpRequest({ headers }, { source });
  });

export const remoteAddresses: fc.Arbitrary<LabCase> = fc
  .record({
    manager,
    rbac: fc.option(rbac, { nil: undefined }),
    tls: fc.constantFrom('NONE', 'NONE', 'EXTERNAL_ONLY', 'ALL'),
    requests: fc.array(client, { minLength: 5, maxLength: 9 }),
  })
  .map(({ manager: fields, rbac: filter, tls, requests }) => {
    const routes: JsonObject[] = [
      { match: { prefix: '/', headers: [{ name: 'x-envoy-internal', string_match: { exact: 'true' } }] }, route: { cluster: '§c1' } },
      { match: { prefix: '/' }, route: { cluster: '§c2' } },
    ];
    const request_headers_to_add = ['%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%', '%REQ(x-forwarded-for)%'].map((value, index) => ({
      header: { key: `x-seen-${index}`, value },
    }));
    const chain = httpChain(
      { virtual_hosts: [virtualHost('v', ['*'], routes, { require_tls: tls })], request_headers_to_add },
      { httpFilters: filter ? [filter] : [], fields },
    );
    return { area: 'remote_address', listeners: [listener('l', [chain])], clusters: clusters(2), requests: once(requests) };
  });
