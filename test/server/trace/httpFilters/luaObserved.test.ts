/** Lua scripts and what a real Envoy 1.40 did with them: what the upstream got, or what the client was answered. */
import { describe, expect, test } from 'vitest';
import type { TracePath } from '../../../../server/src/protocol/trace';
import { hopOf } from '../support/traceOf';
import { fateOf, filter, filterTrace, type FilterFixture } from './filterTrace';
import observed from './luaObserved.json';

interface Observed {
  readonly script: string;
  readonly route?: Record<string, unknown>;
  readonly virtualHost?: Record<string, unknown>;
  readonly method?: string;
  readonly headers?: [string, string][];
  readonly gets?: { readonly cluster: string; readonly method: string; readonly path: string; readonly headers: [string, string][] };
  readonly answers?: { readonly status: number; readonly headers: [string, string][]; readonly body: string };
}

const SENT_TWICE: [string, string][] = [
  ['z', '1'],
  ['z', '2'],
];
/** Envoy's own additions and the transport's. */
const OWN = new Set(['x-forwarded-proto', 'x-request-id', 'content-length', 'x-envoy-expected-rq-timeout-ms']);

function fixtureOf({ script, route, virtualHost }: Observed): FilterFixture {
  const code = `function envoy_on_request(h)\n${script}\nend`;
  return {
    filters: [filter('lua', 'lua.v3.Lua', { default_source_code: { inline_string: code } })],
    routes: [
      { name: 'hit', match: { prefix: '/', headers: [{ name: 'x', string_match: { exact: '1' } }] }, route: { cluster: 'b' } },
      { name: 'miss', match: { prefix: '/' }, route: { cluster: 'a' }, ...(route && { metadata: route }) },
    ],
    ...(virtualHost && { virtualHost: { metadata: virtualHost } }),
  };
}

function traceOfScript(case_: Observed): TracePath {
  const { method = 'GET', headers = SENT_TWICE } = case_;
  const request = {
    method,
    headers,
    authority: 'x.test',
    path: '/a',
    connection: { destination: '127.0.0.1:80', source: '127.0.0.1:40000' },
  };
  const [path] = filterTrace(fixtureOf(case_), request).paths;
  if (!path) throw new Error('no path');
  return path;
}

function summaryOf(path: TracePath): unknown {
  if (path.disposition !== 'upstream')
    return { answers: { status: path.response?.code, headers: path.response?.headers?.set ?? [], body: path.response?.body ?? '' } };
  const { cluster, upstream } = hopOf(path);
  const http = upstream?.http;
  const headers = (http?.headers ?? [])
    .filter(([name]) => !OWN.has(name))
    .map(([name, value]) => (http?.unknownHeaders?.includes(name) ? [name, '?'] : [name, value]));
  return { gets: { cluster, method: http?.method, path: http?.path, headers } };
}

describe('as Envoy 1.40 runs it', () => {
  test.each((observed as unknown as Observed[]).map((each) => [`${each.method ?? ''} ${each.script}`, each] as const))('%s', (_, each) => {
    const path = traceOfScript(each);
    expect([path.disposition, path.missing]).toEqual([each.gets ? 'upstream' : 'local_reply', undefined]);
    const { gets, answers } = each;
    const unknown = hopOf(path).upstream?.http?.unknownHeaders ?? [];
    const masked = gets && {
      ...gets,
      headers: gets.headers.map(([name, value]) => (unknown.includes(name) ? [name, '?'] : [name, value])),
    };
    expect(summaryOf(path)).toEqual(masked ? { gets: masked } : { answers });
    expect(fateOf(path)).not.toBe('');
  });
});
