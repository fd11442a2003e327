/** Which route takes a request, and what it does (`routes.json`, from Envoy's route configuration tests; and our own). */
import { expect, test } from 'vitest';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import type { RequestHttp, TracePath, TraceRequest } from '../../server/src/protocol/trace';
import { simulateRequest } from '../../server/src/trace/simulateRequest';
import { clusterNamesIn, makeBootstrap, makeHttpListener, type Json, type JsonObject } from './oracleBootstrap';
import { findOracleFiles, readJson } from './oracleFolders';
import { failuresOf, isWanted, reportCases, runCase, type CaseResult } from './report';

interface RouteTest {
  readonly test: string;
  readonly route_config: JsonObject;
  /** The test sets runtime values by hand. */
  readonly uses_runtime_mocks?: boolean;
  readonly cases: readonly RouteCase[];
}

interface RouteCase {
  readonly headers: readonly (readonly [string, string])[];
  readonly random_value?: number;
  readonly expect: RouteExpectation;
}

interface RouteExpectation {
  readonly cluster?: string;
  /** `High` or `Default`. */
  readonly priority?: string;
  readonly redirect_uri?: string;
  /** null: no route. */
  readonly route?: null;
  readonly route_name?: string;
}

test('routes are chosen as Envoy chooses them', { timeout: 60_000 }, () => {
  const results: CaseResult[] = [];
  for (const file of findOracleFiles('routes.json'))
    for (const routeTest of readJson(file.path) as RouteTest[]) results.push(...runRouteTest(file.name, routeTest));
  reportCases('routes', results);
  expect(failuresOf(results).length, 'cases do not agree: see the report above').toBe(0);
});

function runRouteTest(file: string, routeTest: RouteTest): CaseResult[] {
  return routeTest.cases.flatMap((routeCase, index): CaseResult[] => {
    const name = `${routeTest.test} #${index}`;
    if (!isWanted(name)) return [];
    if (routeTest.uses_runtime_mocks) return [{ file, name, verdict: 'skipped', because: 'the test sets runtime values by hand' }];
    if (!valueOf(routeCase, 'x-forwarded-proto') && !valueOf(routeCase, ':scheme'))
      return [{ file, name, verdict: 'skipped', because: 'no request without x-forwarded-proto gets past the connection manager' }];
    return [runCase({ file, name }, () => checkRoute(routeTest, routeCase))];
  });
}

/** Routes are asked for paths with a fragment, too, which no connection manager passes on by default. */
const TAKES_FRAGMENTS: JsonObject = {
  layered_runtime: {
    layers: [{ name: 'static', static_layer: { 'envoy.reloadable_features.http_reject_path_with_fragment': false } }],
  },
};

function checkRoute({ route_config }: RouteTest, routeCase: RouteCase): Pick<CaseResult, 'verdict' | 'because'> {
  const clusters = [...clusterNamesIn(route_config), routeCase.expect.cluster ?? ''];
  const bootstrap = { ...makeBootstrap([makeHttpListener({ name: 'oracle', ...route_config })], clusters), ...TAKES_FRAGMENTS };
  const snapshot = buildSnapshot([{ uri: 'oracle:/bootstrap.json', text: JSON.stringify(bootstrap, null, 1) }]);
  const { paths } = simulateRequest(snapshot, requestOf(routeCase));
  const [path] = paths;
  if (!path || paths.length > 1) return { verdict: 'disagree', because: `${paths.length} paths: ${paths.map(tell).join(' | ')}` };
  const differences = findDifferences(routeCase.expect, path, route_config);
  if (differences.length === 0) return { verdict: 'agree' };
  const told = `${routeCase.headers.map((header) => header.join('=')).join(' ')}: ${differences.join('; ')} (${tell(path)})`;
  return { verdict: path.disposition === 'insufficient_info' ? 'could_not_tell' : 'disagree', because: told };
}

function findDifferences(expected: RouteExpectation, path: TracePath, routeConfiguration: JsonObject): string[] {
  const found: string[] = [];
  const hop = path.hops[0];
  const check = (field: string, want: unknown, have: unknown): void => {
    if (want !== undefined && want !== have) found.push(`${field}: expected ${JSON.stringify(want)}, got ${JSON.stringify(have)}`);
  };
  if (expected.route === null) check('disposition', 'no_route', path.disposition);
  check('cluster', expected.cluster, hop?.cluster ?? '');
  if (expected.cluster === '') check('disposition', 'no_cluster', path.disposition);
  check('route name', expected.route_name, hop?.route?.name);
  check('redirect', expected.redirect_uri, path.response?.location);
  if (expected.priority !== undefined) check('priority', expected.priority.toUpperCase(), priorityOf(path, routeConfiguration));
  return found;
}

/** The contract does not tell a route's priority; the chosen route's own field does. */
function priorityOf({ hops }: TracePath, routeConfiguration: JsonObject): string | undefined {
  const hop = hops[0];
  const virtualHosts = routeConfiguration['virtual_hosts'] as readonly JsonObject[] | undefined;
  const virtualHost = virtualHosts?.find(({ name }) => name === hop?.virtualHost);
  const routes = virtualHost?.['routes'] as readonly JsonObject[] | undefined;
  const route = routes?.[hop?.route?.index ?? -1];
  if (!route) return undefined;
  const priority = (route['route'] as { priority?: Json } | undefined)?.priority;
  return typeof priority === 'string' ? priority.toUpperCase() : 'DEFAULT';
}

function requestOf(routeCase: RouteCase): TraceRequest {
  const method = valueOf(routeCase, ':method') ?? 'GET';
  const path = valueOf(routeCase, ':path')?.trim() ?? '';
  const http: RequestHttp = {
    version: 'http2',
    method,
    scheme: valueOf(routeCase, ':scheme') === 'https' ? 'https' : 'http',
    authority: valueOf(routeCase, ':authority') ?? '',
    // Envoy's tests use a blank as "no path in particular"; no such request gets past the codec.
    path: path === '' && method !== 'CONNECT' ? '/' : path,
    headers: [...routeCase.headers.filter(([name]) => !name.startsWith(':')), ...whatMakesInternal(routeCase)].map(([name, value]) => [
      name,
      value,
    ]),
  };
  const random = routeCase.random_value;
  return { connection: { destination: '10.0.0.9:8080', source: '10.0.0.1:40000' }, http, ...(random === undefined ? {} : { random }) };
}

/** The connection manager writes x-envoy-internal itself, for a request that one private address has forwarded. */
function whatMakesInternal(routeCase: RouteCase): readonly (readonly [string, string])[] {
  return valueOf(routeCase, 'x-envoy-internal') === 'true' ? [['x-forwarded-for', '10.0.0.1']] : [];
}

function valueOf({ headers }: RouteCase, name: string): string | undefined {
  return headers.find(([key]) => key === name)?.[1];
}

function tell({ disposition, hops, response, missing }: TracePath): string {
  const hop = hops[0];
  return [disposition, hop?.virtualHost, hop?.route?.index, hop?.cluster, response?.code, response?.location, ...(missing ?? [])]
    .filter((part) => part !== undefined)
    .join(' ');
}
