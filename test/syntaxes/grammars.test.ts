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
  'source.yaml': base('source.yaml', [
    { match: '#.*$', name: 'comment.line.number-sign.yaml' },
    { begin: '"', end: '"', name: 'string.quoted.double.yaml' },
    { begin: "'", end: "'", name: 'string.quoted.single.yaml' },
    { begin: '(?<=: )(?=[^\\s"\'|>])', end: '$', name: 'string.unquoted.plain.out.yaml' },
  ]),
  'source.lua': base('source.lua', [{ match: '\\b(function|end|local)\\b', name: 'keyword.control.lua' }]),
};

function base(scopeName: string, patterns: object[]): IRawGrammar {
  return { scopeName, patterns, repository: {} } as unknown as IRawGrammar;
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

describe('command operators', () => {
  test.each(['source.json', 'source.yaml'])('in %s', (scope) => {
    const found = scopesOf(scope, '"hostname": "%DYNAMIC_METADATA(tunnel:destination)% %REQ(:path):10% 5%%"');
    expect(found).toContainEqual(['DYNAMIC_METADATA', 'support.function.command-operator.envoy']);
    expect(found).toContainEqual(['tunnel:destination', 'variable.parameter.command-operator.envoy']);
    expect(found).toContainEqual(['10', 'constant.numeric.length.envoy']);
    expect(found).toContainEqual(['%%', 'constant.character.escape.envoy']);
  });
  test('a percentage is none', () =>
    expect(scopesOf('source.json', '"50% of 100%"').every(([, scope]) => !scope.includes('envoy'))).toBe(true));
});

describe('names of Istio', () => {
  test('cluster', () => {
    const found = scopesOf('source.yaml', 'cluster: outbound|9080|v1|reviews.default.svc.cluster.local');
    expect(found).toContainEqual(['9080', 'constant.numeric.port.istio']);
    expect(found).toContainEqual(['v1', 'entity.other.attribute-name.subset.istio']);
    expect(found).toContainEqual(['reviews.default.svc.cluster.local', 'entity.name.type.host.istio']);
  });
  test('SPIFFE id', () =>
    expect(scopesOf('source.json', '"spiffe://cluster.local/ns/default/sa/sleep"')).toContainEqual([
      'sleep',
      'entity.name.type.service-account.spiffe',
    ]));
});

describe('Lua in YAML', () => {
  test('a block is Lua until its indentation ends', () => {
    const found = scopesOf('source.yaml', 'inline_code: |\n  function envoy_on_response(h)\n  end\nname: last');
    expect(found.filter(([word]) => word === 'function')).toEqual([['function', 'keyword.control.lua']]);
    expect(found).toContainEqual(['function', 'keyword.control.lua']);
    expect(found.at(-1)?.[1]).not.toContain('lua');
  });
});
