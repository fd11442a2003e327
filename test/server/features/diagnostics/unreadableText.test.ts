/** Texts that Envoy 1.40 reads, or does not (each asked with `--mode validate`): our answer is the same. */
import { describe, expect, test } from 'vitest';
import { lintSnapshot } from '../../../../server/src/cli/lintCommand';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';

const COMPOSITE = 'envoy.extensions.common.matching.v3.ExtensionWithMatcher';

function errorsOf(name: string, text: string): string[] {
  return lintSnapshot(buildSnapshot([{ uri: name, text }]))
    .filter(({ severity }) => severity === 'error')
    .map(({ code, line }) => `${code}:${line}`);
}

const JSON_TEXT = `{
  "node": {"id": "nid", "cluster": "cl"},
  "static_resources": {"clusters": [{"name": "c1", "connect_timeout": "1s", "type": "STATIC"}]}
}`;

describe('JSON', () => {
  const changed = (from: string, to: string): string[] =>
    errorsOf(
      'envoy.json',
      JSON_TEXT.replace(from, () => to),
    );
  test.each([
    ['as it should be', '"nid"', '"nid"'],
    ['a trailing comma', '"cl"}', '"cl",}'],
    ['a key without quotes', '"node"', 'node'],
    ['texts in single quotes', '"nid", "cluster"', `'n"i/*d', 'cluster'`],
    ['pairs of surrogates', 'nid', '\\ud83d\\ude00'],
    ['a tab in a text', 'nid', 'n\tid'],
    ['the last of two fields counts', '"id": "nid"', '"id": "x", "id": "nid"'],
    ['null is unset', '"type": "STATIC"', '"type": "STATIC", "type": null'],
    ['booleans as texts', '"type"', '"ignore_health_on_host_removal": "1", "type"'],
    ['numbers of enums as texts', '"type"', '"lb_policy": " 1", "type"'],
    ['a hundred levels', '"id"', `"metadata": {"a": ${'['.repeat(97)}${']'.repeat(97)}}, "id"`],
  ])('%s', (_, from, to) => expect(changed(from, to)).toEqual([]));

  test.each([
    ['a comment', '{\n', '{ // x\n', 'unreadable-text:1'],
    ['a comment of another kind', '"node"', '/* x */ "node"', 'unreadable-text:2'],
    ['a remark of YAML', '{\n', '# x\n{\n', 'unreadable-text:1'],
    ['a byte order mark', '{\n', '\ufeff{\n', 'unreadable-text:1'],
    ['a wide space', '"node"', '\u00a0"node"', 'unreadable-text:2'],
    ['a space that nobody sees', '"node"', '\u200b"node"', 'unreadable-text:2'],
    ['half a pair', 'nid', 'n\\ud83dx', 'unreadable-text:2'],
    ['the other half', 'nid', 'n\\ude00', 'unreadable-text:2'],
    ['an escape of YAML', 'nid', 'n\\x41', 'unreadable-text:2'],
    ['too few digits', 'nid', 'n\\u41', 'unreadable-text:2'],
    ['more than the object', ']}\n}', ']}\n} x', 'unreadable-text:4'],
    ['one of a oneof twice', '"type": "STATIC"', '"type": "STATIC", "type": "STATIC"', 'conflicting-fields:3'],
    ['one key of a map twice', '"type"', '"metadata": {"filter_metadata": {"a": {}, "a": {}}}, "type"', 'conflicting-fields:3'],
    [
      'a type where none is asked for',
      '"type"',
      '"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "type"',
      'unknown-field:3',
    ],
    ['one level more', '"id"', `"metadata": {"a": ${'['.repeat(98)}${']'.repeat(98)}}, "id"`, 'unreadable-text:2'],
    ['a number in spaces', '"type"', '"per_connection_buffer_limit_bytes": " 1", "type"', 'wrong-type:3'],
    ['a word that is no boolean', '"type"', '"ignore_health_on_host_removal": "on", "type"', 'wrong-type:3'],
    ['a duration with a field that it has not', '"1s"', '{"value": "1s"}', 'wrong-type:3'],
    ['292 years', '"1s"', '"9223372037s"', 'invalid-value:3'],
    ['less than nothing', '"1s"', '{"seconds": 1, "nanos": -5}', 'invalid-value:3'],
  ])('%s', (_, from, to, error) => expect(changed(from, to)).toEqual([error]));

  test('bytes that are no UTF-8 may stand where their replacement does', () =>
    expect(
      lintSnapshot(buildSnapshot([{ uri: 'envoy.json', text: JSON_TEXT.replace('nid', 'n\ufffd') }])).map(
        ({ severity, line, code }) => `${severity} ${line} ${code}`,
      ),
    ).toContain('warning 2 unreadable-text'));

  test('what is no bootstrap of its own is read by others', () =>
    expect(errorsOf('cluster.json', '// a cluster\n{"name": "c", "type": "STATIC", "connect_timeout": "1s"}')).toEqual([]));
});

const YAML_TEXT = `node:
  cluster: cl
  id: nid
static_resources:
  clusters:
  - name: c1
    connect_timeout: 1s
    type: STATIC
    load_assignment: {cluster_name: c1, endpoints: []}
`;

describe('YAML', () => {
  const changed = (from: string, to: string): string[] =>
    errorsOf(
      'envoy.yaml',
      YAML_TEXT.replace(from, () => to),
    );
  test.each([
    ['as it should be', 'nid', 'nid'],
    ['a bracket that closes far left', '{cluster_name: c1, endpoints: []}', '{\n      cluster_name: c1, endpoints: []\n}'],
    ['all of it far left', '{cluster_name: c1, endpoints: []}', '{\ncluster_name: c1,\n\tendpoints: []\n}'],
    ['a remark right behind a comma or brace', '{cluster_name: c1, ', '{#a\n      cluster_name: c1,#b }\n      '],
    ['lines that end with a return alone', YAML_TEXT, YAML_TEXT.replaceAll('\n', '\r')],
    ['a directive without a mark', 'node', '%YAML 1.1\nnode'],
    ['a list at the column of its key', '  clusters', '  listeners:\n  # none\n  []\n  clusters'],
    ['an escaped apostrophe', 'id: nid', 'id: "a\\\'b"'],
    ['a tab to the right of the key', '    type', '     \t\n    type'],
    ['a tab behind quotes', '1s\n', '"1s"\n\t\n'],
    ['an integer that is none', 'nid', '08'],
    ['a boolean in quotes', 'type: ', 'ignore_health_on_host_removal: "1"\n    type: '],
    ['a value that a later one replaces', '    type', '    type: NOPE\n    type'],
    ['a message that a later one replaces', 'node:', 'node: {nope: 1}\nnode:'],
    ['a second document', 'endpoints: []}\n', 'endpoints: []}\n---\nadmin: 1\nstatic_resources: { clusters: [{}] }\n'],
    ['a quote without its end', 'endpoints: []}\n', 'endpoints: []}\nstats_config: {}\nflags_path: "x\n'],
  ])('%s', (_, from, to) => expect(changed(from, to)).toEqual([]));

  test.each([
    ['half a character', 'nid', '"\\ud83d\\ude00"', 'unreadable-text:3'],
    ['the long form of it', 'nid', '"\\U0000D800"', 'unreadable-text:3'],
    ['a mark of documents in quotes', 'nid', '"a\n---\nb"', 'unreadable-text:4'],
    ['a tab under a plain text', '    type', '\t\n    type', 'unreadable-text:8'],
    ['a tab before a remark', '    type', '  \t# x\n    type', 'unreadable-text:8'],
    ['a version of the future', 'node', '%YAML 2.0\n---\nnode', 'unreadable-text:1'],
    ['a version twice', 'node', '%YAML 1.1\n%YAML 1.1\n---\nnode', 'unreadable-text:2'],
    ['a long key', 'cluster: cl', `cluster: cl\n  metadata:\n    ${'k'.repeat(1030)}: 1`, 'unreadable-text:4'],
    ['a float for an enum', 'type: ', 'lb_policy: 1.0\n    type: ', 'wrong-type:8'],
    ['a bracket that is missing', 'endpoints: []}', 'endpoints: []', 'syntax:10'],
  ])('%s', (_, from, to, error) => expect(changed(from, to)[0]).toBe(error));

  test('what stands around a broken line is not told to lack what stands below it', () => {
    const errors = changed('  - name: c1', '  - alt_stat_name: x\n\tname: c1').join();
    expect(errors).toContain('syntax:7');
    expect(errors).not.toContain('missing-field');
  });

  test('pieces among prose are no documents', () => {
    const prose = `Our proxy has this:\n\n${YAML_TEXT}\nand then, at the end of it all:\n\nadmin:\n  address:\n    pipe: { path: /x }\n`;
    const told = lintSnapshot(buildSnapshot([{ uri: 'envoy.yaml', text: prose }])).map(({ message }) => message);
    expect(told.join()).not.toContain('reads the first document');
  });
  test('the documents that Envoy does not read are told', () =>
    expect(
      lintSnapshot(buildSnapshot([{ uri: 'envoy.yaml', text: `${YAML_TEXT}---\nadmin: {}\n` }])).map(
        ({ line, message }) => `${line}: ${message}`,
      ),
    ).toContain('11: Envoy reads the first document of a file only: nothing below this "---" counts.'));

  test.each([
    ['a star', '*', 'A "*" begins an alias in YAML: put the text in quotes.'],
    ['an at sign', '@x', 'A text cannot begin with this character in YAML: put it in quotes.'],
    ['a missing colon', 'x\n  user_agent_name x\n  locality: {}', 'A ":" with a space is missing after this key.'],
    ['a key over lines', 'x\n  - user_agent_name\n  locality: {}', 'A block sequence may not be used as an implicit map key'],
    [
      'a deeper key',
      'x\n    user_agent_name: x',
      'The value above has ended, and this is another key: look at the indentation; a text with ": " in it needs quotes.',
    ],
  ])('broken YAML is told in plain words: %s', (_, id, message) => {
    const text = YAML_TEXT.replace('nid', id);
    expect(lintSnapshot(buildSnapshot([{ uri: 'envoy.yaml', text }])).map((problem) => problem.message)).toContain(message);
  });
});

test.each([
  ['lists', '[', ']'],
  ['messages', '{"endpoints": ', '}'],
  ['messages of any type', `{"typed_config": {"@type": "type.googleapis.com/${COMPOSITE}", "extension_config": `, '}}'],
])('%s of thousands of levels are told as such, and end nothing', (_, open, close) => {
  const LEVELS = 10_000;
  const deep = open.repeat(LEVELS) + '{}' + close.repeat(LEVELS);
  const text = `{"static_resources": {"clusters": [{"name": "c1", "load_assignment": {"cluster_name": "c1", "endpoints": ${deep}}}]}}`;
  expect(errorsOf('envoy.json', text)).toContain('unreadable-text:1');
});
