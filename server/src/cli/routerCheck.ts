/** Runs test files of Envoy's router_check_tool by its rules and in its words (Envoy: test/tools/router_check/router.cc, validation.proto). */
import { buildSnapshot, type Snapshot } from '../index/buildSnapshot';
import { makeProxyScope } from '../index/proxyScope';
import { ConfigNode } from '../schema/configNode';
import { parseText } from '../syntax/parseText';
import { virtualClusterOf } from '../trace/http/route/virtualCluster';
import { matchRouteConfiguration, type BareRouting } from '../trace/http/routeConfiguration/matchRouteConfiguration';
import { renderSentence } from '../trace/record/sentence';
import { checkHeaders } from './routerCheckHeaders';
import { readInput } from './routerCheckInput';
import { finalizeHeaders, type CheckedRoute } from './routerCheckRoute';

export interface RouterCheckResult {
  readonly test_name: string;
  readonly passed: boolean;
  /** In the tool's words. Example: `expected: [cluster1], actual: [cluster2], test type: cluster_name` */
  readonly failures: readonly string[];
}

export interface RouterCheckReport {
  readonly results: readonly RouterCheckResult[];
}

/** Both texts may be JSON or YAML. A file without route configuration, or without tests, fails as a whole. */
export function runRouterCheck(configText: string, testsText: string, uris: { config: string; tests: string }): RouterCheckReport {
  const routing = readConfig(configText, uris.config);
  if (!routing) return failWhole(`${uris.config} holds no route configuration`);
  const root = rootOf(testsText, uris.tests);
  const tests = root?.list('tests') ?? [];
  if (tests.length === 0) return failWhole(`${uris.tests} holds no tests`);
  return { results: tests.map((test) => runTest(routing, test)) };
}

function failWhole(failure: string): RouterCheckReport {
  return { results: [{ test_name: '', passed: false, failures: [failure] }] };
}

function rootOf(text: string, uri: string): ConfigNode | undefined {
  const tree = parseText(uri, text);
  const root = tree.roots[0];
  return root === undefined ? undefined : new ConfigNode(tree, root);
}

/** The file is a RouteConfiguration; the first one in a larger configuration is taken as well. */
function readConfig(text: string, uri: string): BareRouting | undefined {
  const snapshot: Snapshot = buildSnapshot([{ uri, text }]);
  const tree = snapshot.documents.get(uri)?.tree;
  const root = tree?.roots[0];
  if (!tree || root === undefined) return undefined;
  const manager = rootOf('{}', uri);
  const whole = new ConfigNode(tree, root);
  const proxy = snapshot.proxies[0] ?? makeProxyScope({ id: uri, kind: 'partial', parts: [] });
  const routeConfiguration = whole.has('virtual_hosts') ? whole : proxy.resources.find(({ kind }) => kind === 'route_configuration')?.node;
  return manager && routeConfiguration ? { snapshot, proxy, manager, routeConfiguration } : undefined;
}

function runTest(routing: BareRouting, test: ConfigNode): RouterCheckResult {
  const input = readInput(test.get('input'));
  const routed = matchRouteConfiguration(routing, input);
  const failures: string[] = [];
  if (routed.result?.kind === 'ending') {
    const missing = routed.result.missing?.map(renderSentence).join('; ') ?? 'Envoy refuses the configuration';
    failures.push(`which route is taken cannot be told: ${missing}`);
  } else {
    const checked = finalizeHeaders(routed, input.responseHeaders);
    const validate = test.get('validate');
    if (validate) failures.push(...checkValues(checked, validate), ...checkHeaders(checked, validate));
  }
  return { test_name: test.string('test_name'), passed: failures.length === 0, failures };
}

type Actual = (checked: CheckedRoute) => string | number;

/** In the tool's order. A field that the test leaves out is not checked. */
const CHECKS: readonly (readonly [field: string, actual: Actual])[] = [
  ['cluster_name', ({ http, forwards }) => (forwards ? (http.clusterName ?? '') : '')],
  ['virtual_cluster_name', ({ http, forwards }) => (forwards ? (virtualClusterOf(http.virtualHost, http.request)?.name ?? '') : '')],
  ['virtual_host_name', ({ http, forwards }) => (forwards ? (http.virtualHost?.string('name') ?? '') : '')],
  ['path_rewrite', ({ http, forwards }) => (forwards ? http.request.path : '')],
  ['host_rewrite', ({ http, forwards }) => (forwards ? http.request.authority : '')],
  ['path_redirect', ({ newUri }) => newUri],
  ['code_redirect', ({ code }) => code],
];

function checkValues(checked: CheckedRoute, validate: ConfigNode): string[] {
  return CHECKS.flatMap(([field, read]) => {
    const expected = validate.get(field)?.asString();
    if (expected === undefined) return [];
    const actual = read(checked);
    return String(actual) === expected ? [] : [`expected: [${expected}], actual: [${actual}], test type: ${field}`];
  });
}
