/** What router_check_tool compares of a route by name (Envoy: the compare… functions of test/tools/router_check/router.cc). */
import type { ConfigNode } from '../../schema/configNode';
import { virtualClusterOf } from '../../trace/http/route/virtualCluster';
import type { CheckedRoute } from './routerCheckRoute';

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

export interface CheckedValue {
  readonly field: string;
  readonly failure: string | undefined;
}

/** The fields that a test asks for, each with its failure in the tool's words. */
export function checkValues(checked: CheckedRoute, validate: ConfigNode): CheckedValue[] {
  const found = CHECKS.flatMap(([field, read]) => {
    const expected = validate.get(field)?.asString();
    return expected === undefined ? [] : [compare(field, expected, read(checked))];
  });
  const timeout = validate.duration('timeout');
  return timeout === undefined ? found : [...found, compare('timeout', String(timeout), timeoutOf(checked))];
}

function compare(field: string, expected: string, actual: string | number): CheckedValue {
  const failure = String(actual) === expected ? undefined : `expected: [${expected}], actual: [${actual}], test type: ${field}`;
  return { field, failure };
}

/** DEFAULT_ROUTE_TIMEOUT_MS of source/common/router/config_impl.h. */
const ROUTE_TIMEOUT = 15_000;

/** In milliseconds; 0 where nothing is forwarded. */
function timeoutOf({ http, forwards }: CheckedRoute): number {
  return forwards ? (http.route?.get('route')?.duration('timeout') ?? ROUTE_TIMEOUT) : 0;
}

/** `route_metadata`: texts that stand in the route's own metadata. */
export function checkRouteMetadata({ http }: CheckedRoute, validate: ConfigNode): string[] {
  return validate.list('route_metadata').flatMap((wanted) => {
    const fields = http.route?.path('metadata', 'filter_metadata', wanted.string('namespace'));
    const { failure } = compare('route_metadata', wanted.string('value'), fields?.get(wanted.string('key'))?.asString() ?? '');
    return failure ?? [];
  });
}
