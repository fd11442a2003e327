/** The cluster that a route names, drawn or read when the route is matched (Envoy: RouteEntryImplBase::clusterEntry and the cluster specifiers). */
import { readTyped, type ConfigNode, type TypedConfig } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import { knownHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { Hop } from '../../hop';
import { evaluateLossy } from '../../matcher/evaluateMatcher';
import { findLostActions } from '../../matcher/lostActions';
import { matchContextOf } from '../../matcher/matchContext';
import { say, words, type Sentence } from '../../record/sentence';
import { lostRuntimeKey } from '../../runtime/lostRuntimeKey';
import type { HttpStream } from '../../httpStream';
import { drawWeightedCluster } from './drawWeightedCluster';
import { runLuaSpecifier } from './runLuaSpecifier';
import type { ClusterChoice } from './clusterChoice';

export function chooseCluster(hop: Hop, http: HttpStream, route: ConfigNode): ClusterChoice {
  if (route.has('redirect') || route.has('direct_response'))
    return { kind: 'chosen', name: undefined, because: words('the route answers by itself'), at: route };
  const action = route.get('route');
  if (!action) return withoutAction(route);
  const cluster = action.get('cluster');
  if (cluster) return chosen(cluster.asString() ?? '', words('the route names it'), cluster);
  const weighted = action.get('weighted_clusters');
  const key = weighted && lostRuntimeKey(hop, weighted);
  if (key !== undefined)
    return { kind: 'unknown', missing: say`the weight by runtime key ${key}: the file leaves out a part of layered_runtime` };
  if (weighted) return drawWeightedCluster(hop, http, { weighted, action });
  const header = action.get('cluster_header');
  if (header) return chooseByHeader(http, header);
  return chooseByPlugin(hop, http, action);
}

function chosen(name: string, because: Sentence, at: ConfigNode): ClusterChoice {
  return { kind: 'chosen', name, because, at };
}

/** `non_forwarding_action`, `filter_action`: the cluster's name is empty, which no cluster has. */
function withoutAction(route: ConfigNode): ClusterChoice {
  if (!route.has('non_forwarding_action') && !route.has('filter_action') && route.isIncomplete)
    return { kind: 'unknown', missing: words('what the route does: the file leaves it out') };
  return chosen('', words('the route does not forward'), route.get('non_forwarding_action') ?? route.get('filter_action') ?? route);
}

function chooseByHeader(http: HttpStream, header: ConfigNode): ClusterChoice {
  const name = header.asString() ?? '';
  const values = knownHeader(http.request, name);
  if (values instanceof NotKnown) return { kind: 'unknown', missing: say`the cluster that header ${name} names: ${values.missing}` };
  const [value] = values;
  if (value === undefined) return chosen('', say`header ${name}, which would name it, is not there`, header);
  return chosen(value, say`header ${name} names it`, header);
}

/** An optional plugin that Envoy does not have: its routes are passed over. */
export function whyPassedOver({ routeConfiguration }: HttpStream, route: ConfigNode): { because: Sentence; at: ConfigNode } | undefined {
  const name = route.path('route', 'cluster_specifier_plugin')?.asString();
  const plugin = name === undefined ? undefined : pluginNamed(routeConfiguration, name);
  if (plugin?.bool('is_optional') !== true) return undefined;
  const type = plugin.get('extension')?.typed()?.type ?? '';
  if (SPECIFIER.test(type)) return undefined;
  return { because: say`its optional cluster specifier plugin ${name} (${type}) is none that Envoy has`, at: plugin };
}

const SPECIFIER = /^envoy\.extensions\.router\.cluster_specifiers\./;

function chooseByPlugin(hop: Hop, http: HttpStream, action: ConfigNode): ClusterChoice {
  const named = action.get('cluster_specifier_plugin');
  const inline = action.get('inline_cluster_specifier_plugin');
  const name = named?.asString() ?? '';
  const plugin = inline ?? (named ? pluginNamed(http.routeConfiguration, name) : undefined);
  if (!plugin) {
    const lost = named && lostPlugins(http.routeConfiguration, name);
    if (lost) return { kind: 'unknown', missing: lost };
    if (named) return { kind: 'rejected_config', because: say`no cluster specifier plugin is named ${name}`, at: named };
    if (action.isIncomplete) return { kind: 'unknown', missing: words('the cluster of the route, which the file leaves out') };
    return chosen('', words('the route names no cluster'), action);
  }
  const extension = plugin.get('extension') ?? plugin;
  const any = extension.get('typed_config');
  return runPlugin(hop, http, { config: any ? readTyped(any) : { type: '', node: extension }, at: plugin, action });
}

function pluginNamed(routeConfiguration: ConfigNode | undefined, name: string): ConfigNode | undefined {
  return routeConfiguration?.list('cluster_specifier_plugins').find((plugin) => plugin.get('extension')?.string('name') === name);
}

/** The plugin may stand among those that the file leaves out, or under a name that it keeps back. */
function lostPlugins(routeConfiguration: ConfigNode | undefined, name: string): Sentence | undefined {
  const isHidden = (plugin: ConfigNode): boolean => {
    const extension = plugin.get('extension') ?? plugin;
    return extension.isIncomplete || extension.string('name') === KEPT_BACK;
  };
  const isLost =
    name === KEPT_BACK ||
    (routeConfiguration !== undefined && mayLackEntries(routeConfiguration, 'cluster_specifier_plugins')) ||
    routeConfiguration?.list('cluster_specifier_plugins').some(isHidden) === true;
  return isLost ? say`which plugin chooses the cluster of the route: the file leaves a part of cluster_specifier_plugins out` : undefined;
}

const findLost = findLostActions();

interface Plugin {
  readonly config: TypedConfig;
  readonly at: ConfigNode;
  readonly action: ConfigNode;
}

/** Envoy: source/extensions/router/cluster_specifiers/{matcher,lua,priority_group}. Go and others decide in code. */
function runPlugin(hop: Hop, http: HttpStream, { config, at, action: route }: Plugin): ClusterChoice {
  if (config.type === 'envoy.extensions.router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier')
    return drawFromPriorityGroup(hop, http, { specifier: config.node, action: route });
  if (config.type === 'envoy.extensions.router.cluster_specifiers.lua.v3.LuaConfig') return runLuaSpecifier(hop, http, config.node);
  if (config.type !== 'envoy.extensions.router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier')
    return { kind: 'unknown', missing: say`which cluster the plugin ${config.type} chooses: it runs code` };
  const matcher = config.node.get('cluster_matcher');
  if (!matcher) return chosen('', words('the plugin has no matcher'), at);
  const result = evaluateLossy(matcher, matchContextOf(hop), findLost);
  if (result.kind === 'lost')
    return { kind: 'crash', because: say`${'keep_matching'} in a matcher of clusters makes Envoy 1.40 crash`, at: result.at };
  if (result.kind === 'insufficient') return { kind: 'unknown', missing: result.missing };
  if (result.kind === 'no_match') return chosen('', say`the plugin's matcher finds no cluster: ${result.because}`, at);
  const action = result.action.get('typed_config');
  return chosen(action ? readTyped(action).node.string('cluster') : '', result.because, result.action);
}

/** The first attempt goes to the first group, and retries to those after it; metadata may name another. */
function drawFromPriorityGroup(
  hop: Hop,
  http: HttpStream,
  { specifier, action }: { specifier: ConfigNode; action: ConfigNode },
): ClusterChoice {
  const namespace = specifier.string('override_metadata_namespace');
  if (namespace !== '' && http.metadata.has(namespace))
    return { kind: 'unknown', missing: say`which priority group the metadata ${namespace} names` };
  const [first] = specifier.list('priority_groups');
  if (!first) return { kind: 'unknown', missing: words('the priority groups that the file leaves out') };
  return drawWeightedCluster(hop, http, { weighted: first, action, drawnBy: specifier });
}
