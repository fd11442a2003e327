/** Filter chains by filter_chain_matcher. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { anyConnection } from './filterChain';
import { matcherTree, type MatcherInput } from '../matcher/matcherTree';
import { clusters, HTTP_INSPECTOR, listener, once, tcpProxy, TLS_INSPECTOR } from '../parts';

const CHAINS = 4;

const INPUTS: MatcherInput[] = [
  networkInput('DestinationIPInput', ['10.1.1.1', '10.1.2.2', '10.1'], 'ip'),
  networkInput('DestinationPortInput', ['20000', '8080'], 'text'),
  networkInput('SourceIPInput', ['10.1.2.3', '203.0.113.9', '10.'], 'ip'),
  networkInput('DirectSourceIPInput', ['10.1.2.3', '192.168.7.7'], 'ip'),
  networkInput('SourceTypeInput', ['local'], 'text'),
  networkInput('ServerNameInput', ['a.test', 'b.test', 'www.a.test', 'a'], 'text'),
  networkInput('TransportProtocolInput', ['tls', 'raw_buffer'], 'text'),
  networkInput('ApplicationProtocolInput', ["'h2','http/1.1'", "'http/1.1'", "'h2'", 'h2'], 'text'),
];

function networkInput(type: string, words: readonly string[], kind: MatcherInput['kind']): MatcherInput {
  return {
    input: { name: type, typed_config: { '@type': `type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.${type}` } },
    words,
    kind,
  };
}

const action = fc.integer({ min: 0, max: CHAINS }).map((index): JsonObject => ({
  name: 'chain',
  typed_config: { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: index === CHAINS ? 'missing' : `f${index}` },
}));

const inspectors = fc.constantFrom<JsonObject[][]>([TLS_INSPECTOR], [TLS_INSPECTOR, HTTP_INSPECTOR], []);

export const chainMatcher: fc.Arbitrary<LabCase> = fc
  .record({
    filter_chain_matcher: matcherTree(INPUTS, action),
    inspectors,
    fallback: fc.boolean(),
    requests: fc.array(anyConnection, { minLength: 4, maxLength: 9 }),
  })
  .map(({ filter_chain_matcher, inspectors: listener_filters, fallback, requests }) => {
    const chains = Array.from({ length: CHAINS }, (_, index): JsonObject => ({
      name: `f${index}`,
      filters: [tcpProxy({ cluster: `§c${index + 1}` })],
    }));
    const other: JsonObject = { name: 'default', filters: [tcpProxy({ cluster: `§c${CHAINS + 1}` })] };
    return {
      area: 'filter_chain_matcher',
      listeners: [listener('l', chains, { filter_chain_matcher, listener_filters, ...(fallback ? { default_filter_chain: other } : {}) })],
      clusters: clusters(CHAINS + 1),
      requests: once(requests),
    };
  });
