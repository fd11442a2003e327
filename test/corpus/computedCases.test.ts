/**
 * Calls into the meshes of the corpus with what Istio's traffic simulation computes for them (`computed-cases.json` beside the dumps): listener,
 * chain, routes and cluster of the first hop. Where the simulation is known to know less than Envoy (its README), Envoy is right.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import type { TracePath } from '../../server/src/protocol/trace';
import { simulateRequest } from '../../server/src/trace/simulateRequest';
import { istioRequest, type IstioCall } from '../oracles/istioRequest';
import { DISPOSITIONS } from '../oracles/simulationDispositions';
import { corpusFolder } from './corpusFiles';
import type { Snapshot } from '../../server/src/index/snapshot';

interface ComputedCase {
  readonly id: string;
  readonly dump: string;
  readonly call: IstioCall;
  readonly actual: Readonly<Record<string, string>>;
}

const FOLDER = join(corpusFolder, 'istio-mesh');
const MESHES = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'computed-cases.json'))) : [];

test.skipIf(MESHES.length === 0)('there are meshes with computed cases (skipped where there is no corpus)', () => {
  expect(MESHES.length).toBeGreaterThan(0);
});

test.each(MESHES)('calls into %s go where Istio’s simulation sees them go', { timeout: 120_000 }, (mesh) => {
  const cases = JSON.parse(readFileSync(join(FOLDER, mesh, 'computed-cases.json'), 'utf8')) as ComputedCase[];
  const opened = new Map<string, { text: string; snapshot: Snapshot }>();
  const differing = cases.filter((each) => !isBeyondSimulation(each)).flatMap((each) => differencesOf(each, openDump(opened, each.dump)));
  expect(differing).toEqual([]);
});

function openDump(opened: Map<string, { text: string; snapshot: Snapshot }>, dump: string): { text: string; snapshot: Snapshot } {
  const known = opened.get(dump);
  if (known) return known;
  const text = readFileSync(join(FOLDER, dump), 'utf8');
  const read = { text, snapshot: buildSnapshot([{ uri: dump, text }]) };
  opened.set(dump, read);
  return read;
}

/** It compares hosts and server names letter by letter, and does not know the listeners of the bootstrap. */
function isBeyondSimulation({ call }: ComputedCase): boolean {
  return [call.host_header, call.sni].some((name) => name !== name.toLowerCase()) || call.port === 15021;
}

function differencesOf(computed: ComputedCase, { text, snapshot }: { text: string; snapshot: Snapshot }): string[] {
  const proxy = { node_id: snapshot.proxies[0]?.id ?? '', type: '' };
  const { paths } = simulateRequest(snapshot, istioRequest(computed.call, proxy, text));
  const found = paths.map((path) => differencesOfPath(computed, path));
  return found.some((differences) => differences.length === 0) ? [] : [`${computed.id}: ${found[0]?.join('; ') ?? 'no path'}`];
}

function differencesOfPath({ actual }: ComputedCase, path: TracePath): string[] {
  const [hop] = path.hops;
  const wanted = DISPOSITIONS[actual['error'] ?? ''];
  const places: [name: string, got: string | undefined][] = [
    ['listener_matched', hop?.listener],
    ['filter_chain_matched', hop?.filterChain?.name],
  ];
  // The simulation asks every client certificate of the mesh for a chain that does; a chain that asks for none takes it, one of a gateway may insist.
  if (actual['error'] === 'mtls_error' || (path.disposition === 'tls_error' && wanted !== 'tls_error')) return compare(actual, places);
  const found = wanted !== undefined && path.disposition !== wanted ? [`${path.disposition}, not ${wanted}`] : [];
  if (wanted === undefined || wanted === 'no_route')
    places.push(['route_config_matched', hop?.routeConfiguration], ['virtual_host_matched', hop?.virtualHost]);
  const isOther = isRejectedByMore(path, actual['route_matched'] ?? '');
  if (wanted === undefined && !isOther) places.push(['route_matched', hop?.route?.name]);
  const isSent = path.disposition === 'upstream' || path.hops.length > 1;
  if (wanted === undefined && !isOther && isSent) places.push(['cluster_matched', hop?.cluster]);
  return [...found, ...compare(actual, places)];
}

function compare(actual: ComputedCase['actual'], places: readonly [name: string, got: string | undefined][]): string[] {
  return places.flatMap(([name, got = '']) => {
    const want = actual[name] ?? '';
    return want === '' || want === got ? [] : [`${name} is ${got}, not ${want}`];
  });
}

/** The simulation matches routes by their path alone: the trace has rejected that one by another condition. */
function isRejectedByMore({ hops }: TracePath, route: string): boolean {
  const rejected = hops[0]?.steps.flatMap((step) => (step.stage === 'route' ? step.rejected : [])) ?? [];
  return rejected.some(({ candidate, because }) => candidate === `route \`${route}\`` && !because.startsWith('path '));
}
