/** All areas of the lab, in the order in which cases take turns. */
import type fc from 'fast-check';
import type { LabCase } from '../labCase';
import { aggregates } from './cluster/aggregates';
import { fileDiscovery } from './cluster/files';
import { ipv6 } from './connection/ipv6';
import { localityWeights, subsetFallbacks } from './cluster/localities';
import { destinations } from './cluster/destinations';
import { dynamicForwardProxies, loadBalancers, sessions } from './cluster/loadBalancers';
import { connectionManagers, upgrades } from './http/manager';
import { chainInputs, clusterSpecifiers, rbacMatcherHttp, rbacMatcherNetwork } from './matcher/matcherInputs';
import { mirrors } from './route/mirrors';
import { mixedCases } from './mixed/mixed';
import { routeExtras } from './route/routeExtras';
import { moreFilters } from './httpFilters/moreFilters';
import { ownAnswers } from './http/ownAnswers';
import { replyBodies } from './http/replyBodies';
import { signedTokens } from './httpFilters/signedTokens';
import { remoteAddresses } from './http/remoteAddress';
import { tunnels } from './connection/tunnels';
import { weightedClusters } from './route/weightedClusters';
import { formats } from './http/formats';
import { filterFields } from './httpFilters/filterFields';
import { managerFields } from './http/managerFields';
import { routeFields } from './route/routeFields';
import { listenerFields } from './connection/listenerFields';
import { clusterFields } from './cluster/clusterFields';
import { seldomBalancing } from './cluster/seldomBalancing';
import { seldomConnections } from './connection/seldomConnections';
import { seldomHttp2 } from './http/seldomHttp2';
import { seldomManager } from './http/seldomManager';
import { seldomMatchers } from './matcher/seldomMatchers';
import { seldomServices } from './httpFilters/seldomServices';
import { seldomTls } from './connection/seldomTls';
import { clusterKinds } from './cluster/clusterKinds';
import { customMatchers } from './matcher/customMatchers';
import { clusterOptions } from './cluster/clusterOptions';
import { forwardProxies } from './cluster/forwardProxies';
import { logins } from './httpFilters/logins';
import { networkFilters } from './connection/networkFilters';
import { priorityGroups } from './cluster/priorityGroups';
import { rareInputs } from './matcher/rareInputs';
import { transcoding } from './httpFilters/transcoding';
import { uncommonFilters } from './httpFilters/uncommonFilters';
import { templates } from './templates/templates';
import { celConditions } from './matcher/celConditions';
import { chainedListeners } from './connection/chainedListeners';
import { chainMatcher } from './connection/chainMatcher';
import { clusterAggregate, clusterHealth, clusterSubset, originalDestination, tcpRouting } from './cluster/clusterChoice';
import { delegated, luaScripts, passwords, tokens } from './httpFilters/decidingFilters';
import { filterChain } from './connection/filterChain';
import { httpFilters } from './httpFilters/httpFilters';
import { connectUpgrade, internalChain } from './connection/internal';
import { bothInterceptions, interception, listenerChoice } from './connection/listeners';
import { rbacHttp, rbacNetwork } from './matcher/rbac';
import { policyFields } from './matcher/policyFields';
import { plainFilters } from './httpFilters/plainFilters';
import { proxyProtocolChains } from './connection/proxyProtocol';
import { redirects, rewrites, weighted } from './route/routeActions';
import { routeMatch } from './route/routeMatch';
import { routeMatcher } from './route/routeMatcher';
import { tlsTransport } from './connection/tls';
import { normalisation, scopedRoutes, virtualHosts } from './http/virtualHosts';

const single: Readonly<Record<string, fc.Arbitrary<LabCase>>> = {
  route_match: routeMatch,
  filter_chain: filterChain,
  filter_chain_matcher: chainMatcher,
  route_matcher: routeMatcher,
  redirect: redirects,
  rewrite: rewrites,
  weighted,
  rbac_http: rbacHttp,
  rbac_network: rbacNetwork,
  cluster_health: clusterHealth,
  cluster_subset: clusterSubset,
  cluster_aggregate: clusterAggregate,
  original_destination: originalDestination,
  tcp_routing: tcpRouting,
  tls_transport: tlsTransport,
  internal_chain: internalChain,
  connect_upgrade: connectUpgrade,
  http_filters: httpFilters,
  listener_choice: listenerChoice,
  intercepted: interception,
  lua: luaScripts,
  cel: celConditions,
  jwt: tokens,
  jwt_signed: signedTokens,
  plain_filters: plainFilters,
  basic_auth: passwords,
  filter_matcher: delegated,
  virtual_host: virtualHosts,
  normalise: normalisation,
  scoped_routes: scopedRoutes,
  filter_chain_proxy_protocol: proxyProtocolChains,
  aggregate_nested: aggregates,
  file_discovery: fileDiscovery,
  ipv6,
  locality_weights: localityWeights,
  subset_fallback: subsetFallbacks,
  mirror: mirrors,
  remote_address: remoteAddresses,
  weighted_clusters: weightedClusters,
  intercepted_both: bothInterceptions,
  manager: connectionManagers,
  upgrade: upgrades,
  route_extras: routeExtras,
  rbac_matcher_http: rbacMatcherHttp,
  rbac_matcher_network: rbacMatcherNetwork,
  chain_inputs: chainInputs,
  cluster_specifier: clusterSpecifiers,
  load_balancing_policy: loadBalancers,
  stateful_session: sessions,
  dynamic_forward_proxy: dynamicForwardProxies,
  tunnel: tunnels,
  intercepted_destination: destinations,
  own_answer: ownAnswers,
  reply_body: replyBodies,
  more_filters: moreFilters,
  format: formats,
  manager_field: managerFields,
  route_field: routeFields,
  listener_field: listenerFields,
  cluster_field: clusterFields,
  filter_field: filterFields,
  policy_field: policyFields,
  seldom_balancing: seldomBalancing,
  seldom_tls: seldomTls,
  seldom_manager: seldomManager,
  seldom_matchers: seldomMatchers,
  seldom_service: seldomServices,
  seldom_connection: seldomConnections,
  template: templates,
  network_filter: networkFilters,
  custom_matcher: customMatchers,
  uncommon_filter: uncommonFilters,
  cluster_kind: clusterKinds,
  login: logins,
  rare_input: rareInputs,
  priority_group: priorityGroups,
  seldom_http2: seldomHttp2,
  forward_proxy: forwardProxies,
  transcoding,
  cluster_option: clusterOptions,
  chained: chainedListeners,
};

export const areas: typeof single = { ...single, mixed: mixedCases(Object.values(single)) };
