/** Unified matchers with every input that a connection or a request has: RBAC matchers, routes, chains. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { JsonObject, LabCase } from '../../labCase';
import { anyConnection } from '../connection/filterChain';
import { matcherTree, type MatcherInput } from './matcherTree';
import {
  clusters,
  connectionManager,
  extension,
  httpChain,
  listener,
  once,
  plainRequest,
  tcpProxy,
  TLS_INSPECTOR,
  virtualHost,
} from '../parts';

const NETWORK = 'type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3';

function network(type: string, words: readonly string[], kind: MatcherInput['kind'], fields: JsonObject = {}): MatcherInput {
  return { input: { name: type, typed_config: { '@type': `${NETWORK}.${type}`, ...fields } }, words, kind };
}

function header(header_name: string, words: readonly string[]): MatcherInput {
  const type = 'type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput';
  return { input: { name: 'header', typed_config: { '@type': type, header_name } }, words, kind: 'text' };
}

const STATE = network('FilterStateInput', ['connected', '20000', 'con'], 'text', { key: 'lab.state' });
const METADATA = network('DynamicMetadataInput', ['abc', 'set'], 'text', { filter: 'lab', path: [{ key: 'k' }] });

const CONNECTION: MatcherInput[] = [
  network('DestinationIPInput', ['10.1.1.1', '10.1'], 'ip'),
  network('DestinationPortInput', ['20000', '8080'], 'text'),
  network('SourceIPInput', ['10.1.2.3', '203.0.113.9'], 'ip'),
  network('DirectSourceIPInput', ['10.1.2.3', '192.168.7.7'], 'ip'),
  network('SourcePortInput', ['40001', '4000'], 'text'),
  network('SourceTypeInput', ['local'], 'text'),
  network('ServerNameInput', ['a.test', 'b.test'], 'text'),
  STATE,
];

const REQUEST: MatcherInput[] = [
  ...CONNECTION,
  METADATA,
  header('x', ['abc', '5']),
  header(':path', ['/a', '/']),
  header('y', ['bob', '17']),
];

const rbacAction = fc.constantFrom('ALLOW', 'DENY', 'LOG', 'ALLOW').map((action): JsonObject => ({
  name: 'action',
  typed_config: { '@type': 'type.googleapis.com/envoy.config.rbac.v3.Action', name: `${action}-policy`, action },
}));

const connectionState = extension('state', 'filters.network.set_filter_state.v3.Config', {
  on_new_connection: [
    { object_key: 'lab.state', factory_key: 'envoy.string', format_string: { text_format_source: { inline_string: 'connected' } } },
  ],
});

const setMetadata = extension('to_metadata', 'filters.http.header_to_metadata.v3.Config', {
  request_rules: [{ header: 'x', on_header_present: { metadata_namespace: 'lab', key: 'k', type: 'STRING' } }],
});

export const rbacMatcherHttp: fc.Arbitrary<LabCase> = fc
  .record({
    matcher: matcherTree(REQUEST, rbacAction),
    shadow: fc.option(matcherTree(REQUEST, rbacAction), { nil: undefined, freq: 4 }),
    requests: fc.array(plainRequest.map(withPort), { minLength: 4, maxLength: 9 }),
  })
  .map(({ matcher, shadow, requests }) => {
    const filter = extension('rbac', 'filters.http.rbac.v3.RBAC', { matcher, ...(shadow ? { shadow_matcher: shadow } : {}) });
    const routes = { virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route: { cluster: '§c1' } }])] };
    const filters = [connectionState, connectionManager(routes, [setMetadata, filter])];
    return {
      area: 'rbac_matcher_http',
      listeners: [listener('l', [{ name: 'f', filters }])],
      clusters: clusters(1),
      requests: once(requests),
    };
  });

/** Inputs read the source's port. */
function withPort(request: TraceRequest): TraceRequest {
  const { connection } = request;
  return { ...request, connection: { ...connection, source: `${connection.source ?? ''}:40001` } };
}

export const rbacMatcherNetwork: fc.Arbitrary<LabCase> = fc
  .record({ matcher: matcherTree(CONNECTION, rbacAction), requests: fc.array(anyConnection, { minLength: 4, maxLength: 8 }) })
  .map(({ matcher, requests }) => {
    const filter = extension('rbac', 'filters.network.rbac.v3.RBAC', { stat_prefix: 'r', matcher });
    const filters = [connectionState, filter, tcpProxy({ cluster: '§c1' })];
    return {
      area: 'rbac_matcher_network',
      listeners: [listener('l', [{ name: 'f', filters }], { listener_filters: [TLS_INSPECTOR] })],
      clusters: clusters(1),
      requests: once(requests),
    };
  });

const DOMAINS = ['a.test', '*.a.test', '*.test', '*', 'b.test', 'www.a.test', '*.y.a.test'];

const domainMatcher = fc
  .uniqueArray(fc.constantFrom(...DOMAINS), { minLength: 1, maxLength: 4 })
  .chain((names) =>
    fc.tuple(fc.constant(names), fc.array(fc.integer({ min: 0, max: 3 }), { minLength: names.length, maxLength: names.length })),
  )
  .map(([names, targets]): JsonObject => ({
    matcher_tree: {
      input: { name: 'sni', typed_config: { '@type': `${NETWORK}.ServerNameInput` } },
      custom_match: {
        name: 'domains',
        typed_config: {
          '@type': 'type.googleapis.com/xds.type.matcher.v3.ServerNameMatcher',
          domain_matchers: names.map((domain, index) => ({ domains: [domain], on_match: { action: chainAction(targets[index] ?? 0) } })),
        },
      },
    },
  }));

function chainAction(index: number): JsonObject {
  return { name: 'chain', typed_config: { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: `f${index}` } };
}

const stateFilter = extension('state', 'filters.listener.set_filter_state.v3.Config', {
  on_accept: [
    {
      object_key: 'lab.state',
      factory_key: 'envoy.string',
      format_string: { text_format_source: { inline_string: '%DOWNSTREAM_LOCAL_PORT%' } },
    },
  ],
});

/** Chains by domains, by filter state that a listener filter wrote, and by anything else. */
export const chainInputs: fc.Arbitrary<LabCase> = fc
  .record({
    matcher: fc.oneof(domainMatcher, matcherTree(CONNECTION, fc.integer({ min: 0, max: 3 }).map(chainAction))),
    otherwise: fc.boolean(),
    filters: fc.constantFrom<JsonObject[][]>([TLS_INSPECTOR], [stateFilter, TLS_INSPECTOR], [stateFilter]),
    requests: fc.array(anyConnection, { minLength: 4, maxLength: 9 }),
  })
  .map(({ matcher, otherwise, filters, requests }) => {
    const chains = Array.from({ length: 4 }, (_, index): JsonObject => ({
      name: `f${index}`,
      filters: [tcpProxy({ cluster: `§c${index + 1}` })],
    }));
    const filter_chain_matcher =
      otherwise && !('on_no_match' in matcher) ? { ...matcher, on_no_match: { action: chainAction(3) } } : matcher;
    return {
      area: 'chain_inputs',
      listeners: [listener('l', chains, { filter_chain_matcher, listener_filters: filters })],
      clusters: clusters(4),
      requests: once(requests),
    };
  });

const ROUTE_INPUTS: MatcherInput[] = [header('x', ['abc', '5']), header('y', ['bob']), header(':path', ['/a', '/b'])];

const clusterAction = fc.constantFrom('§c1', '§c2', '§none').map((name): JsonObject => ({
  name: 'cluster',
  typed_config: { '@type': 'type.googleapis.com/envoy.extensions.router.cluster_specifiers.matcher.v3.ClusterAction', cluster: name },
}));

/** A cluster specifier plugin that matches, inline or by its name. */
export const clusterSpecifiers: fc.Arbitrary<LabCase> = fc
  .record({
    cluster_matcher: matcherTree(ROUTE_INPUTS, clusterAction),
    inline: fc.boolean(),
    requests: fc.array(plainRequest, { minLength: 4, maxLength: 9 }),
  })
  .map(({ cluster_matcher, inline, requests }) => {
    const type = 'type.googleapis.com/envoy.extensions.router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier';
    const plugin: JsonObject = { extension: { name: 'plugin', typed_config: { '@type': type, cluster_matcher } } };
    const route: JsonObject = inline ? { inline_cluster_specifier_plugin: plugin } : { cluster_specifier_plugin: 'plugin' };
    const routes = {
      virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route }])],
      ...(inline ? {} : { cluster_specifier_plugins: [plugin] }),
    };
    return { area: 'cluster_specifier', listeners: [listener('l', [httpChain(routes)])], clusters: clusters(2), requests: once(requests) };
  });
