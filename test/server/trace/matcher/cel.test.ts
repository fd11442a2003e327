/** CEL: what a trace knows decides; what it does not know stays open unless it does not matter. */
import { describe, expect, test } from 'vitest';
import { ConfigNode } from '../../../../server/src/schema/configNode';
import { parseText } from '../../../../server/src/syntax/parseText';
import { newConnection } from '../../../../server/src/trace/facts/connection';
import type { Hop } from '../../../../server/src/trace/hop';
import type { HttpStream } from '../../../../server/src/trace/httpStream';
import { evaluateCelText, testCel } from '../../../../server/src/trace/matcher/cel/testCelMatcher';
import type { MatchContext } from '../../../../server/src/trace/matcher/matchContext';

const context: MatchContext = {
  hop: { request: {}, arrival: { kind: 'socket' }, proxy: { proxyNode: {} } } as unknown as Hop,
  connection: newConnection({
    destination: { kind: 'ip', ip: '10.0.0.1', port: 80 },
    source: { ip: '10.0.0.2', port: 4000 },
    serverName: 'a.com',
    metadata: new Map([['ns', { key: 'value' }]]),
    filterState: new Map([['state', { value: 'text', shared: 'none' }]]),
  }),
  http: {
    request: {
      version: 'http1',
      method: 'GET',
      scheme: 'http',
      authority: 'a.test',
      path: '/p/q?x=1',
      headers: [
        ['x-user', 'jason'],
        ['x-two', 'a'],
        ['x-two', 'b'],
      ],
    },
    metadata: new Map([['ns', { key: 'value' }]]),
    filterState: new Map(),
  } as unknown as HttpStream,
  commitsToFirstHit: false,
};

function evaluate(text: string): unknown {
  const result = evaluateCelText(text, context);
  return result.kind === 'value' ? result.value : result.kind;
}

describe('texts', () => {
  test.each([
    ["request.path == '/p/q?x=1' && request.url_path == '/p/q'", true],
    ["request.query == 'x=1'", true],
    ["request.headers['x-user'] == 'jason'", true],
    ["request.headers['x-two']", 'a,b'],
    ["request.headers['nope'] == 'x'", 'error'],
    ["'nope' in request.headers", false],
    ["'x-user' in request.headers && has(request.headers.host)", true],
    ["request.method in ['GET', 'HEAD']", true],
    ["!(request.method == 'POST')", true],
    ["request.host.startsWith('a.') && request.host.endsWith('test') && request.host.contains('.')", true],
    ["request.host.matches('^a')", true],
    ["request.host.matches('^b')", false],
    ['destination.port == 80 && source.port > 3999 && source.port <= 4000', true],
    ["source.address == '10.0.0.2:4000'", true],
    ['connection.mtls', false],
    ["connection.requested_server_name == 'a.com'", true],
    ["metadata.filter_metadata['ns']['key'] == 'value'", true],
    ["filter_state['state'] == 'text'", false],
    ["filter_state['state'] == b'text'", true],
    ["request.time == 'x'", 'unknown'],
    ["request.time == 'x' && false", false],
    ["true || request.time == 'x'", true],
    ["request.headers['nope'] == 'x' || true", true],
    ["request.method == 'GET' ? 1 + 2 * 3 : 0", 7n],
    ['[1, 2].exists(x, x > 1)', 'unknown'],
    ['1 +', 'unknown'],
    ['size("abc") == 3', true],
    ['constructor', 'error'],
  ])('%s is %s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });
});

describe('trees from the configuration', () => {
  const verdictOf = (yaml: string): string => {
    const tree = parseText('c.yaml', yaml, 'yaml');
    return testCel(new ConfigNode(tree, tree.roots[0] ?? 0), context).kind;
  };
  const path = '{select_expr: {operand: {ident_expr: {name: request}}, field: method}}';

  test('a bare Expr, a parsed and a checked one', () => {
    const equals = (value: string): string => `{call_expr: {function: _==_, args: [${path}, {const_expr: {string_value: ${value}}}]}}`;
    expect(verdictOf(equals('GET'))).toBe('yes');
    expect(verdictOf(equals('POST'))).toBe('no');
    expect(verdictOf(`{parsed_expr: {expr: ${equals('GET')}}}`)).toBe('yes');
    expect(verdictOf(`{cel_expr_checked: {expr: ${equals('POST')}}}`)).toBe('no');
    expect(verdictOf(`{call_expr: {target: ${path}, function: startsWith, args: [{const_expr: {string_value: G}}]}}`)).toBe('yes');
  });

  test('no boolean counts as no, a comprehension stays open', () => {
    expect(verdictOf(path)).toBe('no');
    expect(verdictOf('{comprehension_expr: {iter_var: x}}')).toBe('unknown');
  });
});

test('an expression of many levels ends', () => {
  expect(evaluate(`${'('.repeat(20_000)}1${')'.repeat(20_000)}`)).toBe('unknown');
  expect(evaluate('!'.repeat(20_000) + 'true')).toBe('unknown');
});

test('headers are counted by name, the four pseudo headers with them', () => {
  const ident = { ident_expr: { name: 'request' } };
  const size = { call_expr: { function: 'size', args: [{ select_expr: { operand: ident, field: 'headers' } }] } };
  const expression = { call_expr: { function: '_==_', args: [size, { const_expr: { int64_value: '6' } }] } };
  const tree = parseText('c.json', JSON.stringify(expression), 'json');
  expect(testCel(new ConfigNode(tree, tree.roots[0] ?? 0), context).kind).toBe('yes');
});
