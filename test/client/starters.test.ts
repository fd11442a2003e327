import { describe, expect, test } from 'vitest';
import { startersFor } from '../../client/src/starters/starters';
import { collectDiagnostics } from '../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import { sniffConfiguration } from '../../server/src/protocol/sniffConfiguration';
import { foreignTexts } from '../server/features/foreignTexts';

const labels = (before: string, after = '') => startersFor(before, after).map(({ label }) => label);

describe('offered', () => {
  test('in an empty file', () => expect(labels('')).toHaveLength(4));
  test('below comments and a mark of a document', () => expect(labels('# ours\n---\n')).toHaveLength(4));
  test('for the beginning of a word', () => {
    expect(labels('sta')).toEqual(['static_resources']);
    expect(labels('env')).toEqual(['envoy-http-proxy', 'envoy-tcp-proxy']);
  });
  test('from the second letter on', () => {
    expect(startersFor('s', '').map(({ isEarly }) => isEarly)).toEqual([true]);
    expect(startersFor('st', '').map(({ isEarly }) => isEarly)).toEqual([false]);
  });
  test('with nothing but comments behind', () => expect(labels('sta', '\n# later\n')).toHaveLength(1));
});

describe('not offered', () => {
  test.each([
    ['another word', 'services', ''],
    ['a key that stands', 'static_resources:', ''],
    ['something behind', 'sta', '\nservices: {}'],
    ['something before', 'services: {}\nsta', ''],
    ['indented words of another', 'a:\n  sta', ''],
  ])('%s', (_, before, after) => expect(labels(before, after)).toEqual([]));
  test.each(Object.keys(foreignTexts).filter((name) => /yml|yaml/.test(name) && (foreignTexts[name] ?? '').includes(':')))(
    'in %s',
    (name) => {
      const text = foreignTexts[name] ?? '';
      // While somebody types it, letter by letter, from the second word on.
      for (let offset = text.indexOf(':') + 1; offset <= text.length; offset++) expect(labels(text.slice(0, offset))).toEqual([]);
    },
  );
});

const starters = startersFor('', '').map(({ label, kind, snippet }) => ({
  ...{ label, kind },
  text: snippet.replace(/\$\{\d+:([^}]*)\}/g, '$1').replace('$0', ''),
}));

test.each(starters)('$label makes the file one of ours', ({ text }) => expect(sniffConfiguration(text)).toBe(true));

describe.each(starters.filter(({ kind }) => kind !== 'key'))('$label', ({ text }) => {
  test('is taken by Envoy', () =>
    expect(collectDiagnostics(buildSnapshot([{ uri: 'file:///new.yaml', text }]), 'file:///new.yaml')).toEqual([]));
});
