/** Calls of Istio's traffic simulation (`istio_simulation/`): listener, filter chain, route, cluster or error of the first hop. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import type { Disposition, TraceHop, TracePath } from '../../server/src/protocol/trace';
import { simulateRequest } from '../../server/src/trace/simulateRequest';
import { istioExceptions } from './istioExceptions';
import { istioRequest, type IstioCall, type IstioProxy } from './istioRequest';
import { findOracleFiles, readJson, type OracleFile } from './oracleFolders';
import { failuresOf, isWanted, reportCases, runCase, type CaseResult } from './report';
import { DISPOSITIONS } from './simulationDispositions';
import type { Snapshot } from '../../server/src/index/snapshot';

interface SimulatedCall {
  readonly id: string;
  readonly dump: string;
  readonly proxy: IstioProxy;
  readonly call: IstioCall;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly asserted_fields: readonly string[];
}

test("traces agree with Istio's traffic simulation", { timeout: 300_000 }, () => {
  const results = findOracleFiles('istio_simulation/cases.json').flatMap(runCalls);
  reportCases('istio_simulation', results);
  expect(failuresOf(results).length, 'cases do not agree: see the report above').toBe(0);
});

interface Opened {
  readonly text: string;
  readonly snapshot: Snapshot;
}

function runCalls(file: OracleFile): CaseResult[] {
  const opened = new Map<string, Opened>();
  const calls = readJson(file.path) as SimulatedCall[];
  const wanted = calls.filter(({ id, dump }) => isWanted(id, dump) && existsSync(join(dirname(file.path), dump)));
  return wanted.map((call) => {
    const identity = { file: file.name, name: call.id, area: call.id.split('/')[0] ?? '' };
    const exception = istioExceptions.get(call.id);
    if (exception !== undefined) return { ...identity, verdict: 'excepted', because: exception };
    return runCase(identity, () => checkCall(openDump(opened, join(dirname(file.path), call.dump)), call));
  });
}

function openDump(opened: Map<string, Opened>, path: string): Opened {
  const known = opened.get(path);
  if (known) return known;
  const text = readFileSync(path, 'utf8');
  const dump = { text, snapshot: buildSnapshot([{ uri: `oracle:/${path.slice(path.lastIndexOf('/') + 1)}`, text }]) };
  opened.set(path, dump);
  return dump;
}

function checkCall({ text, snapshot }: Opened, call: SimulatedCall): Pick<CaseResult, 'verdict' | 'because'> {
  const { paths } = simulateRequest(snapshot, istioRequest(call.call, call.proxy, text));
  if (paths.length === 0) return { verdict: 'disagree', because: 'the trace has no paths' };
  for (const path of paths) {
    const differences = findDifferences(call, path);
    if (differences.length === 0) continue;
    const because = `${differences.join('; ')} (${path.disposition} ${(path.missing ?? []).join('; ')})`;
    return { verdict: isUntold(path) ? 'could_not_tell' : 'disagree', because };
  }
  return { verdict: 'agree' };
}

/** What the simulation would have called an error; anything later is beyond it. */
const FAILURES: ReadonlySet<Disposition> = new Set([
  'no_listener',
  'no_filter_chain',
  'tls_error',
  'protocol_error',
  'no_route',
  'config_rejected',
  'bad_request',
]);

function findDifferences({ expected, asserted_fields }: SimulatedCall, path: TracePath): string[] {
  const found: string[] = [];
  const error = typeof expected['error'] === 'string' ? expected['error'] : '';
  const wanted = DISPOSITIONS[error];
  const untold = isUntold(path) && path.hops[0]?.cluster === undefined;
  const failed = untold || (path.hops.length <= 1 && FAILURES.has(path.disposition));
  if (wanted === undefined ? failed : path.disposition !== wanted)
    found.push(`disposition: Istio ${wanted ?? 'no error'}, trace ${path.disposition}`);
  for (const field of asserted_fields) {
    const want = expected[field];
    if (field === 'error' || !isComparable(expected, field)) continue;
    const got = traceField(path.hops[0], field);
    if (want !== got) found.push(`${field}: Istio ${JSON.stringify(want)}, trace ${JSON.stringify(got)}`);
  }
  return found;
}

/** Istio's simulation leaves the name of an inline route configuration empty, and the cluster of weighted and direct answers. */
function isComparable(expected: SimulatedCall['expected'], field: string): boolean {
  return !(expected[field] === '' && (field === 'route_config_matched' || field === 'cluster_matched' || expected['error'] !== ''));
}

function traceField(hop: TraceHop | undefined, field: string): string {
  switch (field) {
    case 'listener_matched':
      return hop?.listener ?? '';
    case 'filter_chain_matched':
      return hop?.filterChain?.name ?? '';
    case 'route_config_matched':
      return hop?.routeConfiguration ?? '';
    case 'virtual_host_matched':
      return hop?.virtualHost ?? '';
    case 'route_matched':
      return hop?.route?.name ?? '';
    case 'cluster_matched':
      return hop?.cluster ?? '';
    default:
      throw new Error(`the simulation has a field ${field} that this suite does not know`);
  }
}

function isUntold({ disposition }: TracePath): boolean {
  return disposition === 'insufficient_info';
}
