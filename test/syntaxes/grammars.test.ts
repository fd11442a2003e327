/** The injection grammars over small base grammars: which words get which scope. */
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar, type IRawGrammar } from 'vscode-textmate';

const root = path.resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  contributes: { grammars: { scopeName: string; path: string; injectTo: string[] }[] };
};

/** As little JSON and YAML as the injections need: strings by the scopes that VS Code's own grammars give. */
const BASES: Readonly<Record<string, IRawGrammar>> = {
  'source.json': base('source.json', [
    { begin: '"', end: '"', name: 'string.quoted.double.json', patterns: [{ match: '\\\\.', name: 'constant.character.escape.json' }] },
  ]),
  'source.yaml': base('source.yaml', [{ include: '#value' }], {
    // As VS Code's own grammar does it: the rules around a line take its indentation away before those inside are asked.
    pair: {
      begin: '(?:^|\\G)((?: |- )*)([\\w.@]+|"[^"]*"):(?=\\s|$)',
      while: '(?:^|\\G)(?= {2,}|\\s*$)(?: {2})?',
      name: 'meta.mapping.yaml',
      patterns: [{ include: '#value' }],
    },
    value: {
      patterns: [
        { include: '#pair' },
        { match: '#.*$', name: 'comment.line.number-sign.yaml' },
        { begin: '[|>][-+]?\\s*$', while: '\\G', contentName: 'string.unquoted.block.yaml' },
        { begin: '"', end: '"', name: 'string.quoted.double.yaml', patterns: [{ match: '\\\\.', name: 'constant.character.escape.yaml' }] },
        { begin: "'", end: "'", name: 'string.quoted.single.yaml' },
        { begin: '(?=[^\\s"\'|>#-])', end: '$', name: 'string.unquoted.plain.out.yaml' },
      ],
    },
  }),
  'source.lua': base('source.lua', [{ match: '\\b(function|end|local)\\b', name: 'keyword.control.lua' }]),
};

function base(scopeName: string, patterns: object[], repository: object = {}): IRawGrammar {
  return { scopeName, patterns, repository } as unknown as IRawGrammar;
}

const grammars = new Map<string, IGrammar>();

beforeAll(async () => {
  const wasm = fs.readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scopeName) => {
      const contributed = manifest.contributes.grammars.find((grammar) => grammar.scopeName === scopeName);
      if (contributed)
        return Promise.resolve(textmate.parseRawGrammar(fs.readFileSync(path.join(root, contributed.path), 'utf8'), contributed.path));
      return Promise.resolve(BASES[scopeName] ?? null);
    },
    getInjections: (scopeName) =>
      manifest.contributes.grammars.filter(({ injectTo }) => injectTo.includes(scopeName)).map((grammar) => grammar.scopeName),
  });
  for (const scope of ['source.json', 'source.yaml']) {
    const grammar = await registry.loadGrammar(scope);
    if (grammar) grammars.set(scope, grammar);
  }
});

/** Each word with its innermost scope. */
function scopesOf(scope: string, text: string): [word: string, scope: string][] {
  const grammar = grammars.get(scope);
  if (!grammar) throw new Error(`no grammar ${scope}`);
  let stack = textmate.INITIAL;
  return text.split('\n').flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }): [string, string] => [line.slice(startIndex, endIndex), scopes.at(-1) ?? '']);
  });
}

/** The words that an injection gave a scope, as `word scope`. */
function injected(scope: string, text: string): string[] {
  return scopesOf(scope, text)
    .filter(([word, each]) => word.trim() !== '' && /\.(?:envoy|istio|spiffe|lua)$/.test(each) && !each.startsWith('punctuation.'))
    .map(([word, each]) => `${word.trim()} ${each}`);
}

const OPERATOR = 'support.function.command-operator.envoy';
const ARGUMENT = 'variable.parameter.command-operator.envoy';

describe('command operators', () => {
  test.each(['source.json', 'source.yaml'])('in %s', (scope) =>
    expect(injected(scope, '"hostname": "%DYNAMIC_METADATA(tunnel:destination)% %REQ(:path?X-B):10% 5%%"')).toEqual([
      `DYNAMIC_METADATA ${OPERATOR}`,
      `tunnel:destination ${ARGUMENT}`,
      `REQ ${OPERATOR}`,
      `:path?X-B ${ARGUMENT}`,
      '10 constant.numeric.length.envoy',
      '%% constant.character.escape.envoy',
    ]),
  );
  test('arguments with percent signs', () =>
    expect(injected('source.json', '"[%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%] %PROTOCOL%"')).toEqual([
      `START_TIME ${OPERATOR}`,
      `%Y-%m-%dT%H:%M:%S.%3fZ ${ARGUMENT}`,
      `PROTOCOL ${OPERATOR}`,
    ]));
  test('between escapes of JSON', () =>
    expect(injected('source.json', String.raw`"\"%REQ(:METHOD)%\"\n%DURATION%"`)).toEqual([
      `REQ ${OPERATOR}`,
      `:METHOD ${ARGUMENT}`,
      `DURATION ${OPERATOR}`,
    ]));
  test.each([
    ['plain', 'format: took %DURATION% ms'],
    ['in single quotes', "format: '%DURATION%'"],
    ['in a literal block', 'format: |\n  %DURATION%\nname: n'],
    ['in a folded block', 'format: >-\n  took\n  %DURATION%\nname: n'],
    ['deep in lists', 'a:\n- b:\n  - format: "%DURATION%"'],
  ])('in YAML, %s', (_, text) => expect(injected('source.yaml', text)).toEqual([`DURATION ${OPERATOR}`]));
  test.each(['"50% of 100%"', '"%lower%"', '"%UNCLOSED"', '"100%"'])('%s has none', (text) =>
    expect(injected('source.json', text)).toEqual([]),
  );
});

const CLUSTER = ['outbound keyword.other.direction.istio', '9080 constant.numeric.port.istio'];
const HOST = 'reviews.default.svc.cluster.local entity.name.type.host.istio';

describe('names of Istio', () => {
  test.each(['source.json', 'source.yaml'])('cluster, in %s', (scope) => {
    expect(injected(scope, '"cluster": "outbound|9080|v1|reviews.default.svc.cluster.local"')).toEqual([
      ...CLUSTER,
      'v1 entity.other.attribute-name.subset.istio',
      HOST,
    ]);
    expect(injected(scope, '"sni": "outbound_.9080_._.reviews.default.svc.cluster.local"')).toEqual([...CLUSTER, HOST]);
  });
  test('plain, with an empty host, at a waypoint, with a wildcard', () => {
    expect(injected('source.yaml', 'cluster: inbound|9080||')).toEqual([
      'inbound keyword.other.direction.istio',
      '9080 constant.numeric.port.istio',
    ]);
    expect(injected('source.yaml', 'cluster: inbound-vip|80|http/v1|a.b')).toEqual([
      'inbound-vip keyword.other.direction.istio',
      '80 constant.numeric.port.istio',
      'http/v1 entity.other.attribute-name.subset.istio',
      'a.b entity.name.type.host.istio',
    ]);
    expect(injected('source.yaml', 'cluster: outbound|443||*.example.com')).toContain('*.example.com entity.name.type.host.istio');
  });
  test('SPIFFE ids, several in a text', () =>
    expect(injected('source.json', '"By=spiffe://cluster.local/ns/default/sa/sleep;URI=spiffe://td/ns/a/sa/b"')).toEqual([
      'spiffe:// keyword.other.scheme.spiffe',
      'cluster.local entity.name.namespace.trust-domain.spiffe',
      'default entity.name.namespace.spiffe',
      'sleep entity.name.type.service-account.spiffe',
      'spiffe:// keyword.other.scheme.spiffe',
      'td entity.name.namespace.trust-domain.spiffe',
      'a entity.name.namespace.spiffe',
      'b entity.name.type.service-account.spiffe',
    ]));
  test.each(['"inbound traffic"', '"outbound|x"', '"spiffe://td"'])('%s is none', (text) =>
    expect(injected('source.json', text)).toEqual([]),
  );
});

describe('Lua in YAML', () => {
  const FUNCTION = 'function keyword.control.lua';
  test('a block is Lua until its indentation ends', () =>
    expect(injected('source.yaml', 'inline_code: |\n  function envoy_on_response(h)\n\n  end\nname: function last')).toEqual([
      FUNCTION,
      'envoy_on_response(h) meta.embedded.block.lua',
      'end keyword.control.lua',
    ]));
  test('deep in lists, where it always is', () =>
    expect(
      injected(
        'source.yaml',
        'http_filters:\n- name: lua\n  typed_config:\n    inlineCode: |-\n      function f\n    next: function\n- name: function',
      ),
    ).toEqual([FUNCTION, 'f meta.embedded.block.lua']));
  test('a text that begins as Lua is Lua; other texts are not', () => {
    const source = (text: string) => `default_source_code:\n  inline_string: |\n    ${text}\n    function f\nname: n`;
    expect(injected('source.yaml', source('-- says hello'))).toContain(FUNCTION);
    expect(injected('source.yaml', source('local x = 1'))).toContain(FUNCTION);
    expect(injected('source.yaml', source('Hello %PROTOCOL%'))).toEqual([`PROTOCOL ${OPERATOR}`]);
  });
});
