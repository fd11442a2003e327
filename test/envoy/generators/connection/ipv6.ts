/** IPv6 everywhere: listeners, clients, chains, access control, endpoints. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import {
  cluster,
  connectionManager,
  endpoint,
  extension,
  httpRequest,
  listener,
  once,
  optional,
  socketAddress,
  tcpProxy,
  virtualHost,
} from '../parts';

const RANGES = [
  ['2001:db8::', 32],
  ['2001:db8:1::', 48],
  ['2001:db8:1::5', 128],
  ['::1', 128],
  ['fd00::', 8],
  ['10.1.0.0', 16],
  ['::ffff:10.1.0.0', 112],
] as const;
const range = fc.constantFrom(...RANGES).map(([address_prefix, prefix_len]): JsonObject => ({ address_prefix, prefix_len }));

const SERVED = ['2001:db8:1::5', '2001:DB8:1:0::6', 'fd00::1', '::1'];
const bound = fc.uniqueArray(fc.constantFrom('::', '2001:db8:1::5', '::1', '0.0.0.0', '10.1.1.1', 'compatible'), {
  minLength: 1,
  maxLength: 3,
});

const chainMatch = optional({
  prefix_ranges: fc.array(range, { minLength: 1, maxLength: 2 }),
  source_prefix_ranges: fc.array(range, { minLength: 1, maxLength: 2 }),
  direct_source_prefix_ranges: fc.array(range, { minLength: 1, maxLength: 1 }),
  source_type: fc.constantFrom('ANY', 'SAME_IP_OR_LOOPBACK', 'EXTERNAL'),
});

const principal: fc.Arbitrary<JsonObject> = fc.oneof(
  range.map((direct_remote_ip): JsonObject => ({ direct_remote_ip })),
  range.map((remote_ip): JsonObject => ({ remote_ip })),
  fc.constant<JsonObject>({ any: true }),
);
const permission: fc.Arbitrary<JsonObject> = fc.oneof(
  range.map((destination_ip): JsonObject => ({ destination_ip })),
  fc.constant<JsonObject>({ any: true }),
);

const rbac = fc
  .tuple(fc.constantFrom('ALLOW', 'DENY'), permission, principal)
  .map(([action, one, other]) =>
    extension('rbac', 'filters.http.rbac.v3.RBAC', { rules: { action, policies: { p: { permissions: [one], principals: [other] } } } }),
  );

const client = fc
  .tuple(
    fc.constantFrom(...SERVED, '10.1.1.1', '10.9.9.9'),
    fc.constantFrom('2001:db8:1::7', 'fd00::1', '::1', '2001:db8:1::5'),
    fc.boolean(),
  )
  .map(([to, from, http]) => {
    const isIpv6 = to.includes(':');
    const connection = {
      destination: isIpv6 ? `[${to.toLowerCase()}]:20000` : `${to}:20000`,
      source: isIpv6 ? from : '10.1.2.3',
      transport: 'raw_buffer' as const,
      capture: 'none' as const,
    };
    return http ? httpRequest({ authority: isIpv6 ? '[::1]:8080' : 'a.test' }, connection) : { connection };
  });

const ADDED = ['%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%', '%DOWNSTREAM_LOCAL_ADDRESS%', '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%'];

export const ipv6: fc.Arbitrary<LabCase> = fc
  .record({
    bound,
    matches: fc.uniqueArray(chainMatch, { minLength: 1, maxLength: 3, selector: (match) => JSON.stringify(match) }),
    rbac,
    http: fc.boolean(),
    requests: fc.array(client, { minLength: 4, maxLength: 8 }),
  })
  .map(({ bound: addresses, matches, rbac: filter, http, requests }) => {
    const routes = {
      virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route: { cluster: '§c1' } }])],
      request_headers_to_add: ADDED.map((value, index) => ({ header: { key: `x-address-${index}`, value } })),
    };
    const terminal = (index: number): JsonObject[] => [
      http ? connectionManager(routes, [filter]) : tcpProxy({ cluster: `§c${index + 1}` }),
    ];
    const chains = matches.map((filter_chain_match, index): JsonObject => ({
      name: `f${index}`,
      filter_chain_match,
      filters: terminal(index),
    }));
    const listeners = addresses
      .filter((address) => address !== 'compatible' || !addresses.some((each) => each === '::' || each === '0.0.0.0'))
      .map((address, index) => listener(`l${index}`, chains, { address: addressOf(address) }));
    return {
      area: 'ipv6',
      listeners,
      clusters: ['2001:db8:2::1', '10.200.0.2', '2001:db8:2::3'].map((host, index) =>
        cluster(index + 1, { endpoints: [{ lb_endpoints: [endpoint(host)] }] }),
      ),
      requests: once(requests),
    };
  });

/** `::` that takes IPv4, too. */
function addressOf(address: string): JsonObject {
  if (address !== 'compatible') return socketAddress(address, 20000);
  return { socket_address: { address: '::', port_value: 20000, ipv4_compat: true } };
}
