/** The rules, in the order in which problems at one place are told. */
import type { Rule } from './rule';
import { adminAnswer } from './rules/adminAnswer';
import { bootstrapSettings } from './rules/bootstrap/bootstrapSettings';
import { malformedAddress } from './rules/bootstrap/malformedAddress';
import { missingNode } from './rules/bootstrap/missingNode';
import { overloadManager } from './rules/bootstrap/overloadManager';
import { bindConfig } from './rules/cluster/bindConfig';
import { clusterDiscovery } from './rules/cluster/clusterDiscovery';
import { clusterEndpoints } from './rules/cluster/clusterEndpoints';
import { configSourceCluster } from './rules/cluster/configSourceCluster';
import { healthCheck } from './rules/cluster/healthCheck';
import { loadBalancing } from './rules/cluster/loadBalancing';
import { http2Settings } from './rules/cluster/http2Settings';
import { localCluster } from './rules/cluster/localCluster';
import { upstreamProtocol } from './rules/cluster/upstreamProtocol';
import { danglingReference } from './rules/danglingReference';
import { rejectedResource } from './rules/dump/rejectedResource';
import { warmingResource } from './rules/dump/warmingResource';
import { discoveredExtension } from './rules/extension/discoveredExtension';
import { extensionSettings } from './rules/extension/extensionSettings';
import { luaScript } from './rules/extension/luaScript';
import { perFilterConfig } from './rules/extension/perFilterConfig';
import { wrongExtension } from './rules/extension/wrongExtension';
import { unknownExtension } from './rules/extension/unknownExtension';
import { connectionManager } from './rules/listener/connectionManager';
import { duplicateAddress } from './rules/listener/duplicateAddress';
import { emptyFilterChain } from './rules/listener/emptyFilterChain';
import { filterChainMatch } from './rules/listener/filterChainMatch';
import { filterChainName } from './rules/listener/filterChainName';
import { internalListener } from './rules/listener/internalListener';
import { listenerAddress } from './rules/listener/listenerAddress';
import { listenerChains } from './rules/listener/listenerChains';
import { missingInspector } from './rules/listener/missingInspector';
import { quicListener } from './rules/listener/quicListener';
import { scopedRoutes } from './rules/listener/scopedRoutes';
import { tcpProxyOptions } from './rules/listener/tcpProxyOptions';
import { terminalHttpFilter } from './rules/listener/terminalHttpFilter';
import { terminalNetworkFilter } from './rules/listener/terminalNetworkFilter';
import { celExpression } from './rules/matcher/celExpression';
import { invalidRegex } from './rules/matcher/invalidRegex';
import { ipRange } from './rules/matcher/ipRange';
import { keepMatching } from './rules/matcher/keepMatching';
import { matcherInput } from './rules/matcher/matcherInput';
import { serverNameMatcher } from './rules/matcher/serverNameMatcher';
import { randomFilterChain } from './rules/reachability/randomFilterChain';
import { shadowedRoute } from './rules/reachability/shadowedRoute';
import { unreachableDomain } from './rules/reachability/unreachableDomain';
import { unreachableFilterChain } from './rules/reachability/unreachableFilterChain';
import { unreachableMatcherBranch } from './rules/reachability/unreachableMatcherBranch';
import { duplicateName } from './rules/reference/duplicateName';
import { conflictingRewrites } from './rules/route/conflictingRewrites';
import { directResponseBody } from './rules/route/directResponseBody';
import { duplicateDomain } from './rules/route/duplicateDomain';
import { formatString } from './rules/route/formatString';
import { protectedHeader } from './rules/route/protectedHeader';
import { routeAction } from './rules/route/routeAction';
import { uriTemplate } from './rules/route/uriTemplate';
import { virtualHostMatcher } from './rules/route/virtualHostMatcher';
import { weightedClusters } from './rules/route/weightedClusters';
import { conflictingFields } from './rules/schema/conflictingFields';
import { deprecatedField } from './rules/schema/deprecatedField';
import { invalidValue } from './rules/schema/invalidValue';
import { missingField } from './rules/schema/missingField';
import { removedField } from './rules/schema/removedField';
import { unknownEnumValue } from './rules/schema/unknownEnumValue';
import { unknownField } from './rules/schema/unknownField';
import { unknownType } from './rules/schema/unknownType';
import { unreadableText } from './rules/schema/unreadableText';
import { wrongType } from './rules/schema/wrongType';
import { tlsParameters } from './rules/security/tlsParameters';
import { certificates } from './rules/security/certificates';
import { expiredCertificate } from './rules/security/expiredCertificate';
import { plainTextSecret } from './rules/security/plainTextSecret';
import { rbacRules } from './rules/security/rbacRules';
import { textTable } from './rules/textTable';

const SCHEMA: readonly Rule[] = [
  wrongType,
  unknownField,
  unknownType,
  unknownEnumValue,
  conflictingFields,
  missingField,
  invalidValue,
  removedField,
  deprecatedField,
  wrongExtension,
];

const LISTENERS: readonly Rule[] = [
  listenerAddress,
  listenerChains,
  internalListener,
  duplicateAddress,
  quicListener,
  filterChainMatch,
  filterChainName,
  emptyFilterChain,
  missingInspector,
  terminalNetworkFilter,
  terminalHttpFilter,
  connectionManager,
  scopedRoutes,
  tcpProxyOptions,
];

const ROUTES: readonly Rule[] = [
  duplicateDomain,
  virtualHostMatcher,
  weightedClusters,
  conflictingRewrites,
  routeAction,
  uriTemplate,
  protectedHeader,
  formatString,
  directResponseBody,
];

const CLUSTERS: readonly Rule[] = [
  clusterDiscovery,
  loadBalancing,
  healthCheck,
  upstreamProtocol,
  http2Settings,
  localCluster,
  bindConfig,
  configSourceCluster,
];

const REACHABILITY: readonly Rule[] = [
  shadowedRoute,
  unreachableDomain,
  unreachableFilterChain,
  randomFilterChain,
  unreachableMatcherBranch,
];

const STATES: readonly Rule[] = [clusterEndpoints, rejectedResource, warmingResource, plainTextSecret, expiredCertificate];

export const RULES: readonly Rule[] = [
  ...SCHEMA,
  unreadableText,
  unknownExtension,
  perFilterConfig,
  extensionSettings,
  discoveredExtension,
  luaScript,
  bootstrapSettings,
  missingNode,
  overloadManager,
  malformedAddress,
  ...LISTENERS,
  ...ROUTES,
  ...CLUSTERS,
  invalidRegex,
  ipRange,
  serverNameMatcher,
  celExpression,
  keepMatching,
  matcherInput,
  rbacRules,
  certificates,
  tlsParameters,
  duplicateName,
  danglingReference,
  ...REACHABILITY,
  ...STATES,
  adminAnswer,
  textTable,
];
