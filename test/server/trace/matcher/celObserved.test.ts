/** CEL expressions and what a real Envoy 1.40 made of each as `%CEL(…)%`: an error and the empty text print alike. */
import { describe, expect, test } from 'vitest';
import { ConfigNode } from '../../../../server/src/schema/configNode';
import { parseText } from '../../../../server/src/syntax/parseText';
import { parseCel } from '../../../../server/src/trace/matcher/cel/parseCel';
import { DEFAULT_CEL_OPTIONS } from '../../../../server/src/trace/matcher/cel/celExpression';
import { whyCelIsRefused } from '../../../../server/src/trace/matcher/cel/celRefusal';
import { newConnection } from '../../../../server/src/trace/facts/connection';
import type { Hop } from '../../../../server/src/trace/hop';
import type { HttpStream } from '../../../../server/src/trace/httpStream';
import { evaluateCel } from '../../../../server/src/trace/matcher/cel/evaluateCel';
import { celAttributes } from '../../../../server/src/trace/matcher/cel/celAttributes';
import { printCel } from '../../../../server/src/trace/matcher/cel/printCel';
import type { MatchContext } from '../../../../server/src/trace/matcher/matchContext';
import observed from './celObserved.json';

const tree = parseText('c.yaml', '{}', 'yaml');
const EMPTY = new ConfigNode(tree, tree.roots[0] ?? 0);
const metadata = new Map([['n', { k: 'v', num: 5, list: [1, 2], b: true, null: null, obj: { a: 'b' } }]]);
const context: MatchContext = {
  hop: {
    request: { time: '2026-03-01T12:00:00Z' },
    arrival: { kind: 'socket' },
    proxy: { proxyNode: {} },
    listener: EMPTY,
  } as unknown as Hop,
  connection: newConnection({ destination: { kind: 'ip', ip: '127.0.0.1', port: 80 }, source: { ip: '127.0.0.1', port: 4000 } }),
  http: {
    request: {
      version: 'http1',
      method: 'GET',
      scheme: 'http',
      authority: 'x.test',
      path: '/a',
      headers: [
        ['z', '1'],
        ['z', '2'],
      ],
    },
    metadata,
    route: EMPTY,
    virtualHost: EMPTY,
    filterState: new Map([['fs', { value: 'fsv', shared: 'none' }]]),
  } as unknown as HttpStream,
  commitsToFirstHit: false,
};

/** `refused`, what is printed, or undefined where a trace does not tell. */
function outcomeOf(text: string): string | undefined {
  const expression = parseCel(text);
  if (whyCelIsRefused(expression, DEFAULT_CEL_OPTIONS)) return 'refused';
  const result = evaluateCel(expression, celAttributes(context, 'request'));
  if (result.kind === 'unknown') return undefined;
  return result.kind === 'error' ? '' : printCel(result.value);
}

describe('as Envoy 1.40 evaluates it', () => {
  test.each(observed as [string, string][])('%s', (text, expected) => {
    const outcome = outcomeOf(text);
    if (outcome !== undefined) expect(outcome).toBe(expected);
  });

  test('few of them stay open', () => {
    const open = (observed as [string, string][]).map(([text]) => text).filter((text) => outcomeOf(text) === undefined);
    expect(open.filter((text) => !/_metadata$|re\.capture|size\(request\.headers\)|connection\.id/.test(text))).toEqual([]);
  });
});
