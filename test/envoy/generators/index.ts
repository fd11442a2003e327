/** All areas of the lab, in the order in which cases take turns. */
import type fc from 'fast-check';
import type { LabCase } from '../labCase';
import { aggregates } from './aggregates';
import { fileDiscovery } from './files';
import { ipv6 } from './ipv6';
import { localityWeights, subsetFallbacks } from './localities';
import { destinations } from './destinations';
import { dynamicForwardProxies, loadBalancers, sessions } from './loadBalancers';
import { connectionManagers, upgrades } from './manager';
import { chainInputs, clusterSpecifiers, rbacMatcherHttp, rbacMatcherNetwork } from './matcherInputs';
import { mirrors } from './mirrors';
import { mixedCases } from './mixed/mixed';
import { routeExtras } from './routeExtras';
import { moreFilters } from './moreFilters';
import { ownAnswers } from './ownAnswers';
import { signedTokens } from './signedTokens';
import { remoteAddresses } from './remoteAddress';
import { tunnels } from './tunnels';
import { weightedClusters } from './weightedClusters';
import { formats } from './formats';
import { filterFields } from './filterFields';
import { managerFields } from './managerFields';
import { routeFields } from './routeFields';
import { listenerFields } from './listenerFields';
import { clusterFields } from './clusterFields';
import { seldomBalancing } from './seldom/balancing';
import { seldomConnections } from './seldom/connections';
import { seldomHttp2 } from './seldom/http2';
import { seldomManager } from './seldom/manager';
import { seldomMatchers } from './seldom/matchers';
import { seldomServices } from './seldom/services';
import { seldomTls } from './seldom/tls';
import { clusterKinds } from './extensions/clusterKinds';
import { customMatchers } from './extensions/customMatchers';
import { logins } from './extensions/logins';
import { networkFilters } from './extensions/networkFilters';
import { priorityGroups } from './extensions/priorityGroups';
import { rareInputs } from './extensions/rareInputs';
import { uncommonFilters } from './extensions/uncommonFilters';
import { templates } from './templates/templates';
import { celConditions } from './celConditions';
import { chainMatcher } from './chainMatcher';
import { clusterAggregate, clusterHealth, clusterSubset, originalDestination, tcpRouting } from './clusterChoice';
import { delegated, luaScripts, passwords, tokens } from './decidingFilters';
import { filterChain } from './filterChain';
import { httpFilters } from './httpFilters';
import { connectUpgrade, internalChain } from './internal';
import { bothInterceptions, interception, listenerChoice } from './listeners';
import { rbacHttp, rbacNetwork } from './rbac';
import { policyFields } from './policyFields';
import { plainFilters } from './plainFilters';
import { proxyProtocolChains } from './proxyProtocol';
import { redirects, rewrites, weighted } from './routeActions';
import { routeMatch } from './routeMatch';
import { routeMatcher } from './routeMatcher';
import { tlsTransport } from './tls';
import { normalisation, scopedRoutes, virtualHosts } from './virtualHosts';

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
};

export const areas: typeof single = { ...single, mixed: mixedCases(Object.values(single)) };
