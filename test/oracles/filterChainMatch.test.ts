/** Which filter chain takes a connection (`filter_chain_match.json`, from Envoy's listener manager tests; and our own). */
import { expect, test } from 'vitest';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import type { TracePath, TraceRequest } from '../../server/src/protocol/trace';
import { simulateRequest } from '../../server/src/trace/simulateRequest';
import { makeBootstrap, makeInspectors, type JsonObject } from './oracleBootstrap';
import { findOracleFiles, readJson } from './oracleFolders';
import { failuresOf, isWanted, reportCases, runCase, type CaseResult } from './report';

interface ChainTest {
  readonly test: string;
  readonly mode: string;
  readonly listener: JsonObject;
  readonly cases: readonly ChainCase[];
}

interface ChainCase {
  /** What is left out is empty, as in Envoy's tests. */
  readonly input: Partial<ChainInput>;
  readonly expect: ChainExpectation;
  readonly comment?: string;
  readonly mutates_filter_state?: boolean;
}

interface ChainInput {
  readonly destination_port: number;
  /** An IP, or the path of a socket. */
  readonly destination_address: string;
  readonly server_name: string;
  readonly transport_protocol: string;
  readonly application_protocols: readonly string[];
  readonly source_address: string;
  readonly source_port: number;
  readonly directly_connected_source?: string;
}

const NOTHING_SAID: ChainInput = {
  destination_port: 0,
  destination_address: '127.0.0.1',
  server_name: '',
  transport_protocol: '',
  application_protocols: [],
  source_address: '127.0.0.1',
  source_port: 0,
};

interface ChainExpectation {
  /** null: none; `<any>`: some chain. */
  readonly chain?: string | null;
  readonly chain_name?: string;
  readonly chain_names?: readonly string[];
  readonly chain_index?: readonly number[];
}

test('filter chains are chosen as Envoy chooses them', { timeout: 60_000 }, () => {
  const results: CaseResult[] = [];
  for (const file of findOracleFiles('filter_chain_match.json'))
    for (const chainTest of readJson(file.path) as ChainTest[]) results.push(...runChainTest(file.name, chainTest));
  reportCases('filter_chain_match', results);
  expect(failuresOf(results).length, 'cases do not agree: see the report above').toBe(0);
});

function runChainTest(file: string, chainTest: ChainTest): CaseResult[] {
  const area = chainTest.mode;
  return chainTest.cases.flatMap((chainCase, index): CaseResult[] => {
    const name = `${chainTest.test} #${index}`;
    if (!isWanted(name, area)) return [];
    if (chainCase.mutates_filter_state) return [{ file, name, area, verdict: 'skipped', because: 'the test changes filter state by hand' }];
    return [runCase({ file, name, area }, () => checkChain(chainTest.listener, chainCase))];
  });
}

function checkChain(listener: JsonObject, { input: given, expect: expected, comment }: ChainCase): Pick<CaseResult, 'verdict' | 'because'> {
  const input: ChainInput = { ...NOTHING_SAID, ...given };
  const inspectors = makeInspectors(input.transport_protocol, input.application_protocols);
  const bootstrap = makeBootstrap([{ ...listener, name: 'oracle', listener_filters: inspectors }]);
  const snapshot = buildSnapshot([{ uri: 'oracle:/bootstrap.json', text: JSON.stringify(bootstrap, null, 1) }]);
  const { paths } = simulateRequest(snapshot, requestOf(input));
  const wrong = paths.find((path) => !fits(expected, path));
  if (paths.length > 0 && !wrong) return { verdict: 'agree' };
  const got = wrong ? `${wrong.disposition} ${JSON.stringify(wrong.hops[0]?.filterChain ?? null)}` : 'no path';
  const because = `${JSON.stringify(input)} expected ${JSON.stringify(expected)}, got ${got} ${(wrong?.missing ?? []).join('; ')} (${comment ?? ''})`;
  return { verdict: wrong?.disposition === 'insufficient_info' && !wrong.hops[0]?.filterChain ? 'could_not_tell' : 'disagree', because };
}

function requestOf(input: ChainInput): TraceRequest {
  const isTls = input.transport_protocol === 'tls';
  const source = addressOf(input.source_address, input.source_port);
  const direct = input.directly_connected_source;
  const version = input.application_protocols.includes('http/1.1') || input.application_protocols.includes('http/1.0') ? 'http1' : 'http2';
  const needsHttp = !isTls && input.application_protocols.length > 0;
  return {
    start: { listener: 'oracle' },
    connection: {
      destination: addressOf(input.destination_address, input.destination_port),
      source,
      capture: 'none',
      transport: isTls ? 'tls' : 'raw_buffer',
      ...(direct !== undefined && direct !== input.source_address ? { directSource: addressOf(direct, 0) } : {}),
      ...(isTls ? { sni: input.server_name, alpn: [...input.application_protocols] } : {}),
    },
    ...(needsHttp ? { http: { version, method: 'GET', scheme: 'http', authority: 'a.test', path: '/', headers: [] } } : {}),
  };
}

/** Port 0: the address of a socket file, or a peer whose port is not told. */
function addressOf(address: string, port: number): string {
  if (address.startsWith('/') || port === 0) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function fits(expected: ChainExpectation, { disposition, hops }: TracePath): boolean {
  const chain = hops[0]?.filterChain;
  if (expected.chain === null) return disposition === 'no_filter_chain';
  if (!chain) return false;
  if (expected.chain_name !== undefined && expected.chain_name !== chain.name) return false;
  if (expected.chain_names && !expected.chain_names.includes(chain.name)) return false;
  if (expected.chain !== undefined && expected.chain !== '<any>' && expected.chain !== chain.name) return false;
  return !expected.chain_index || (chain.index !== null && expected.chain_index.includes(chain.index));
}
