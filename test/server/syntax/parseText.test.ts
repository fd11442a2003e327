/** What a text is taken for, and pieces of configs in prose, of our own making. */
import { describe, expect, test } from 'vitest';
import { parseText } from '../../../server/src/syntax/parseText';
import { blankTemplateLines } from '../../../server/src/syntax/templateLines';
import { textOf } from '../../../server/src/text/text';
import { findShapeFault, valueOf } from './treeChecks';

function read(text: string, languageId?: string): { language: string; values: unknown[] } {
  const tree = parseText('memory:a', text, languageId);
  expect(findShapeFault(tree)).toBeUndefined();
  return { language: tree.language, values: tree.roots.map((root) => valueOf(tree, root)) };
}

describe('by content', () => {
  test.each([
    ['{"a": 1}', 'yaml', 'json'],
    ['[{"a": 1}]', undefined, 'json'],
    ['// head\n{"a": 1}', undefined, 'json'],
    ['/* head */ {"a": 1}', undefined, 'json'],
    ['\ufeff  {"a": 1}', undefined, 'json'],
    ['a: 1\nb:\n  - 2\n', 'json', 'yaml'],
    ['# head\n---\na: {b: 1}\n', undefined, 'yaml'],
    ['- name: x\n- name: y\n', undefined, 'yaml'],
    ['"a": 1\n"b": 2\n', undefined, 'yaml'],
    ['{a: 1, b: [c]}', 'yaml', 'yaml'],
    ['', 'yaml', 'yaml'],
    ['', undefined, 'json'],
  ])('%j (%s) is %s', (text, languageId, wanted) => {
    expect(read(text, languageId).language).toBe(wanted);
  });
});

test('a lone return ends a line of YAML', () => {
  const tree = parseText('memory:a', 'a: 1\rb:\r  - c # d\r\n  - |\r    e\r    f\r');
  expect(tree.problems).toEqual([]);
  expect(tree.roots.map((root) => valueOf(tree, root))).toEqual([{ a: 1, b: ['c', 'e\nf\n'] }]);
});

describe('prose', () => {
  test('JSON and YAML among words, each a root, in order', () => {
    const text =
      'Here is the listener:\n1\n2\n3\n{\n"name": "l1"\n}\nand its route:\n\n  routes:\n  - match: {prefix: "/"}\n    route: {cluster: c1}\n\nThen the cluster again:\n"load_assignment": {\n"cluster_name": "c1"\n},\nDone.\n';
    expect(read(text).values).toEqual([
      { name: 'l1' },
      { routes: [{ match: { prefix: '/' }, route: { cluster: 'c1' } }] },
      { load_assignment: { cluster_name: 'c1' } },
    ]);
  });

  test('dots in YAML mark it as incomplete', () => {
    const tree = parseText(
      'memory:a',
      'The deployment is this one, cut short.\nkind: Deployment\nmetadata:\n  name: x\n......\nspec:\n  a: 1\nThe end of it, as promised.\n',
    );
    expect(tree.roots.map((root) => valueOf(tree, root))).toEqual([{ kind: 'Deployment', metadata: { name: 'x' }, spec: { a: 1 } }]);
    expect(tree.hasFlag(0, 8)).toBe(true);
  });

  test('headers of HTTP, shell commands and tables are no configs', () => {
    const text =
      'curl localhost:8080 -i\nHTTP/1.1 200 OK\nserver: envoy\ncontent-type: text/html\n\n<html>\n</html>\nADDRESS PORT MATCH DESTINATION\n0.0.0.0 80 ALL PassthroughCluster\n';
    expect(read(text).values).toEqual([]);
  });

  test('offsets are those of the whole text', () => {
    const text =
      'Words before it all, enough of them.\n\n  clusters:\n  - name: "c\\u0031"\n    type: EDS\nWords after it.\n{"name": "l"}\n';
    const tree = parseText('memory:a', text);
    const shown = [...Array(tree.size).keys()].map((node) => [tree.key(node), text.slice(tree.start(node), tree.end(node)).slice(0, 9)]);
    expect(shown).toContainEqual(['name', '"c\\u0031"']);
    expect(shown).toContainEqual(['type', 'EDS']);
    expect(shown).toContainEqual(['name', '"l"']);
    const keys = [...Array(tree.size).keys()].flatMap((node) => tree.keySpan(node) ?? []).map(({ start, end }) => text.slice(start, end));
    expect(keys).toEqual(['clusters', 'name', 'type', '"name"']);
  });
});

describe('lines of templates', () => {
  const BODY = 'a:\n- b: 1\n- c: 2\n';
  test.each([
    ['conditions', '{{- if .Values.x }}\na:\n- b: 1\n  {{- else }}\n- c: 2\n{{ end -}}\n'],
    ['a remark over lines', '{{- /* several\n   lines */ -}}\na:\n- b: 1\n- c: 2\n'],
    ['two on a line', 'a:\n- b: 1\n{{- end}} {{- /* ends */}}\n- c: 2\n'],
    ['calls', '{{ include "head" . | nindent 2 }}\r\na:\r\n- b: 1\r\n- c: 2\r\n{{ (index .x 1) }}\r\n{{ .y }}'],
    ['statements of Jinja', '{% for x in y %}\na:\n- b: 1\n- c: 2\n{%- endfor %}\n'],
  ])('%s', (_, text) => {
    expect(read(text, 'yaml')).toEqual(read(BODY, 'yaml'));
    const tree = parseText('memory:a', text, 'yaml');
    expect(String(tree.text)).toBe(text);
    expect(text.slice(tree.start(tree.roots[0] ?? 0)).startsWith('a:')).toBe(true);
  });
  test.each(['a: |\n  {{ name }}\n  {{"x"}}\n', 'a: "{{ .x }}"\n', 'a: {{ .x }}\n', 'a: {b: {c: 1}}\n'])('%j has none', (text) =>
    expect(blankTemplateLines(textOf(text))).toBeUndefined(),
  );
});

describe('colours of a terminal', () => {
  const key = '\u001b[34;1m';
  const end = '\u001b[0m';
  const text = `${key}{${end}\n  ${key}"a"${end}${key}:${end} \u001b[32m"x y"${end}${key},${end}\n  ${key}"b"${end}: [\u001b[33m1${end}, null]\n${key}}${end}\n`;

  test('are not read, and names keep their places', () => {
    const tree = parseText('memory:a', text);
    expect(findShapeFault(tree)).toBeUndefined();
    expect(tree.problems).toEqual([]);
    expect(tree.roots.map((root) => valueOf(tree, root))).toEqual([{ a: 'x y', b: [1, null] }]);
    const { start, end: last } = tree.span(tree.idOfKey('a') >= 0 ? (tree.roots[0] ?? 0) + 1 : 0);
    expect(text.slice(start, last)).toBe('"x y"');
  });

  test('around a whole file, and in texts that are cut', () => {
    expect(read(`\u001b[32m{"a": "b"}${end}`).values).toEqual([{ a: 'b' }]);
    expect(read(`${key}{${end}${key}"a"${end}: ${key}[${end}1, `).values).toEqual([{ a: [1] }]);
  });
});

describe('line numbers before each line', () => {
  test.each([
    ['a space', (line: string, number: number) => `${number} ${line}`],
    ['padding', (line: string, number: number) => `${String(number).padStart(4)}  ${line}`],
    ['a bar', (line: string, number: number) => `${number} | ${line}`],
    ['a tab', (line: string, number: number) => `${number}\t${line}`],
  ])('%s', (_, numberLine) => {
    const lines = [
      'static_resources:',
      '  listeners:',
      '  - name: l1',
      '    b: 2',
      '',
      '  clusters:',
      '  - name: c1',
      '    type: EDS',
      '  - name: c2',
      '    type: STATIC',
      '    x: 1',
    ];
    const wanted = [
      {
        static_resources: {
          listeners: [{ name: 'l1', b: 2 }],
          clusters: [
            { name: 'c1', type: 'EDS' },
            { name: 'c2', type: 'STATIC', x: 1 },
          ],
        },
      },
    ];
    expect(read(lines.map((line, index) => numberLine(line, index + 1)).join('\n')).values).toEqual(wanted);
    const json = JSON.stringify(wanted[0], null, 1).split('\n');
    expect(read(json.map((line, index) => numberLine(line, index + 7)).join('\n')).values).toEqual(wanted);
  });
});

test('what is no config is passed over in linear time', () => {
  const log = '2024-01-01T00:00:00Z info Envoy proxy is ready id=12 [x] {y}\n';
  for (const line of [
    log,
    'x',
    '\n',
    'a b: c d\n',
    '- - - -\n',
    '<div class="a">\n',
    '\u0000\u0001',
    '{\n',
    '"\n',
    'a:\n',
    '| 1 | 2 |\n',
  ]) {
    const tree = parseText('memory:a', line.repeat(Math.ceil(1_000_000 / line.length)));
    expect([line, tree.problems.length <= 1001]).toEqual([line, true]);
  }
});
