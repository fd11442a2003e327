/** Network filters that ask a service nobody stands for (each observed with Envoy 1.40). */
import { expect, test } from 'vitest';
import { onlyPath, tcp, traceOf } from '../support/traceOf';

const NETWORK = 'type.googleapis.com/envoy.extensions.filters.network';
const filter = (type: string, fields = ''): string =>
  `{name: ${type.split('.')[0] ?? ''}, typed_config: {'@type': ${NETWORK}.${type}${fields === '' ? '' : `, ${fields}`}}}`;
const service = (name: string): string => `grpc_service: {envoy_grpc: {cluster_name: ${name}}}`;
const authorization = (fields: string): string => filter('ext_authz.v3.ExtAuthz', `stat_prefix: a, ${fields}`);
const limiter = (name: string, fields = 'failure_mode_deny: false'): string =>
  filter('ratelimit.v3.RateLimit', `stat_prefix: r, domain: d, rate_limit_service: {${service(name)}}, ${fields}`);
const processor = (fields: string): string =>
  filter('ext_proc.v3.NetworkExternalProcessor', `stat_prefix: p, ${service('none')}, ${fields}`);
const proxy = filter('tcp_proxy.v3.TcpProxy', 'stat_prefix: t, cluster: one');
const address = (ip: string): string => `{socket_address: {address: ${ip}, port_value: 80}}`;
const cluster = `{name: one, load_assignment: {cluster_name: one, endpoints: [{lb_endpoints: [{endpoint: {address: ${address('10.0.0.11')}}}]}]}}`;
const config = (...filters: string[]): string =>
  `static_resources: {listeners: [{name: l, address: ${address('0.0.0.0')}, filter_chains: [{name: c, filters: [${filters.join(', ')}]}]}], clusters: [${cluster}, {name: empty}]}`;
const pathOf = (...filters: string[]) => onlyPath(traceOf(config(...filters), tcp('10.0.0.1:80')));

test.each<[string, string, string]>([
  ['an authorization service that is not there refuses', authorization(service('none')), 'denied'],
  ['so does one without hosts', authorization(service('empty')), 'denied'],
  ['it lets pass by its failure mode', authorization(`${service('none')}, failure_mode_allow: true`), 'upstream'],
  ['in shadow mode it lets pass', authorization(`${service('one')}, shadow_mode: true`), 'upstream'],
  [
    'its condition switches it off',
    authorization(`${service('one')}, filter_enabled_metadata: {filter: f, path: [{key: k}], value: {present_match: true}}`),
    'upstream',
  ],
  ['one that is there is not guessed', authorization(service('one')), 'insufficient_info'],
  ['a rate limit service that is not there lets pass', limiter('none'), 'upstream'],
  ['or not, by its failure mode', limiter('none', 'failure_mode_deny: true'), 'closed'],
  ['one that is there is not guessed', limiter('one'), 'insufficient_info'],
  ['a processor that is not there closes', processor('failure_mode_allow: false'), 'closed'],
  ['or not, by its failure mode', processor('failure_mode_allow: true'), 'upstream'],
  ['it is not asked for what the client says', processor('processing_mode: {process_read: SKIP}'), 'upstream'],
])('%s', (_, asking, disposition) => {
  expect(pathOf(asking, proxy).disposition).toBe(disposition);
});

test('a refusal names its flag', () => {
  expect(pathOf(authorization(service('none')), proxy).response).toMatchObject({ flags: ['UAEX'], details: 'ext_authz_error' });
});

test.each([
  ['a later filter that is asked first', limiter('none', 'failure_mode_deny: true'), 'ratelimit_error_failure_mode_connection_close'],
  ['an answer that waits for no bytes', '', 'direct_response'],
])('what is decided on bytes comes too late for %s', (_, later, details) => {
  const answer = filter('direct_response.v3.Config', 'response: {inline_string: bye}');
  const filters = [authorization(service('none')), ...(later === '' ? [answer] : [later, proxy])];
  expect(pathOf(...filters)).toMatchObject({ disposition: 'closed', response: { details } });
});
