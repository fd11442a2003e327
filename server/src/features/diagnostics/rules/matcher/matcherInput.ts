/** Inputs and actions of a matcher that its place does not take (each asked of Envoy 1.40; matcher_visitor.cc, rbac_filter.cc). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { hasMessage } from '../../../../schema/readTable';
import { matcherNodes } from '../../matcherNodes';
import { CLUSTER, LISTENER, VIRTUAL_HOST } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

interface MatcherKind {
  readonly inputs: ReadonlySet<string>;
  readonly actions: ReadonlySet<string>;
  /** Example: `A route matcher` */
  readonly name: string;
}

const HEADER = 'envoy.type.matcher.v3.HttpRequestHeaderMatchInput';
const CEL = 'xds.type.matcher.v3.HttpAttributesCelMatchInput';
const common = (names: string): string[] => names.split(' ').map((name) => `envoy.extensions.matching.common_inputs.${name}`);
const ENVIRONMENT = common('environment_variable.v3.Config');
const STATE = common('network.v3.FilterStateInput');
const CONNECTION = common(
  'network.v3.DestinationIPInput network.v3.DestinationPortInput network.v3.DirectSourceIPInput network.v3.NetworkNamespaceInput network.v3.ServerNameInput network.v3.SourceIPInput network.v3.SourcePortInput ssl.v3.DnsSanInput ssl.v3.SubjectInput ssl.v3.UriSanInput',
);
const RBAC_ACTION = new Set(['envoy.config.rbac.v3.Action']);

const ROUTES: MatcherKind = {
  name: 'A route matcher',
  inputs: new Set([...ENVIRONMENT, ...STATE, HEADER]),
  actions: new Set(['envoy.config.route.v3.Route', 'envoy.config.route.v3.RouteList']),
};
const CHAINS: MatcherKind = {
  name: 'A filter chain matcher',
  inputs: new Set([
    ...ENVIRONMENT,
    ...STATE,
    ...CONNECTION,
    ...common('network.v3.ApplicationProtocolInput network.v3.SourceTypeInput network.v3.TransportProtocolInput'),
  ]),
  actions: new Set(['google.protobuf.StringValue', 'envoy.config.core.v3.SubstitutionFormatString']),
};
const HTTP_RBAC: MatcherKind = {
  name: 'The matcher of the RBAC HTTP filter',
  inputs: new Set([...ENVIRONMENT, ...STATE, ...CONNECTION, ...common('network.v3.DynamicMetadataInput'), HEADER, CEL]),
  actions: RBAC_ACTION,
};
const NETWORK_RBAC: MatcherKind = {
  name: 'The matcher of the RBAC network filter',
  inputs: new Set([...ENVIRONMENT, ...STATE, ...CONNECTION]),
  actions: RBAC_ACTION,
};

/** transport_socket_match_impl.cc; inputs of endpoints, filter state and requests alike are taken. */
const SOCKETS: Pick<MatcherKind, 'name' | 'actions'> = {
  name: 'A matcher of transport sockets',
  actions: new Set(common('transport_socket.v3.TransportSocketNameAction')),
};

export const matcherInput = refusalRule('matcher-input', {
  [VIRTUAL_HOST]: (virtualHost) => checkMatcher(virtualHost.get('matcher'), ROUTES),
  [CLUSTER]: (cluster) => matcherNodes(cluster.get('transport_socket_matcher')).map((node) => checkAction(node, SOCKETS)),
  [LISTENER]: (listener) => checkMatcher(listener.get('filter_chain_matcher'), CHAINS),
  'envoy.extensions.filters.http.rbac.v3.RBAC': (rbac) =>
    ['matcher', 'shadow_matcher'].flatMap((field) => checkMatcher(rbac.get(field), HTTP_RBAC)),
  'envoy.extensions.filters.network.rbac.v3.RBAC': (rbac) =>
    ['matcher', 'shadow_matcher'].flatMap((field) => checkMatcher(rbac.get(field), NETWORK_RBAC)),
});

function checkMatcher(matcher: ConfigNode | undefined, kind: MatcherKind): (Problem | undefined)[] {
  return matcherNodes(matcher).flatMap((node) => [
    checkType(node.path('input', 'typed_config'), kind.inputs, `${kind.name} cannot look at`),
    checkAction(node, kind),
  ]);
}

function checkAction(node: ConfigNode, { actions, name }: Pick<MatcherKind, 'name' | 'actions'>): Problem | undefined {
  return checkType(node.path('action', 'typed_config'), actions, `${name} has no action`);
}

function checkType(config: ConfigNode | undefined, allowed: ReadonlySet<string>, words: string): Problem | undefined {
  if (!config) return undefined;
  const { type } = readTyped(config);
  const isKnown = type.startsWith('google.protobuf.') || hasMessage(type);
  return type === '' || allowed.has(type) || !isKnown || type.includes('dynamic_modules')
    ? undefined
    : errorAt(config.entry('@type') ?? config, `${words} "${type.slice(type.lastIndexOf('.') + 1)}".`);
}
