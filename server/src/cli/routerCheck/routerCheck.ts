/** Runs test files of Envoy's router_check_tool by its rules and in its words (Envoy: test/tools/router_check/router.cc, validation.proto). */
import type { TraceRequest } from '../../protocol/trace';
import type { ConfigNode } from '../../schema/configNode';
import { parseText } from '../../syntax/parseText';
import { matchRouteConfiguration, type BareRouting } from '../../trace/http/routeConfiguration/matchRouteConfiguration';
import { renderSentence } from '../../trace/record/sentence';
import { readRouterConfig, rootOf } from './routerCheckConfig';
import { measureCoverage, type CoveredRoute, type RouterCheckCoverage } from './routerCheckCoverage';
import { findUnreadableTest } from './routerCheckFile';
import { checkHeaders } from './routerCheckHeaders';
import { readInput } from './routerCheckInput';
import { finalizeHeaders } from './routerCheckRoute';
import { checkRouteMetadata, checkValues } from './routerCheckValues';

export interface RouterCheckResult {
  readonly test_name: string;
  readonly passed: boolean;
  /** In the tool's words. Example: `expected: [cluster1], actual: [cluster2], test type: cluster_name` */
  readonly failures: readonly string[];
}

export interface RouterCheckReport {
  readonly results: readonly RouterCheckResult[];
  /** Absent where no test was run. */
  readonly coverage?: RouterCheckCoverage;
}

/** Both texts may be JSON or YAML. Files that the tool would not read fail as a whole. */
export function runRouterCheck(configText: string, testsText: string, uris: { config: string; tests: string }): RouterCheckReport {
  const routing = readRouterConfig(configText, uris.config);
  if (typeof routing === 'string') return failWhole(routing);
  const file = rootOf(parseText(uris.tests, testsText));
  const unreadable = file ? findUnreadableTest(file) : `${uris.tests} holds no tests`;
  if (!file || unreadable !== undefined) return failWhole(unreadable ?? '');
  const runtime = readRuntimeOverrides(file);
  const runs = file.list('tests').map((test) => runTest(routing, test, runtime));
  return {
    results: runs.map(({ result }) => result),
    coverage: measureCoverage(
      routing.routeConfiguration,
      runs.flatMap(({ covered }) => covered ?? []),
    ),
  };
}

function failWhole(failure: string): RouterCheckReport {
  return { results: [{ test_name: '', passed: false, failures: [failure] }] };
}

/** `runtime` of the whole file: guards and limits that hold while the tests run. */
function readRuntimeOverrides(file: ConfigNode): TraceRequest['runtime'] {
  return Object.fromEntries(
    file.map('runtime').map(([key, value]) => [key, value.asBoolean() ?? value.asNumber() ?? value.asString() ?? '']),
  );
}

interface TestRun {
  readonly result: RouterCheckResult;
  readonly covered?: CoveredRoute;
}

function runTest(routing: BareRouting, test: ConfigNode, runtime: TraceRequest['runtime']): TestRun {
  const test_name = test.string('test_name');
  const input = readInput(test.get('input'));
  const routed = matchRouteConfiguration(routing, { ...input, runtime });
  if (routed.result?.kind === 'ending') {
    const missing = routed.result.missing?.map(renderSentence).join('; ') ?? 'Envoy refuses the configuration';
    return { result: { test_name, passed: false, failures: [`which route is taken cannot be told: ${missing}`] } };
  }
  const checked = finalizeHeaders(routed, input.responseHeaders);
  const validate = test.get('validate');
  const values = validate ? checkValues(checked, validate) : [];
  const failures = [
    ...values.flatMap(({ failure }) => failure ?? []),
    ...(validate ? [...checkRouteMetadata(checked, validate), ...checkHeaders(checked, validate)] : []),
  ];
  const fields = values.filter(({ failure }) => failure === undefined).map(({ field }) => field);
  return { result: { test_name, passed: failures.length === 0, failures }, covered: { checked, fields } };
}
