import { describe, expect, test } from 'vitest';
import { collectReferences } from '../../../server/src/schema/references/collectReferences';
import { messageType } from '../../../server/src/schema/table/messageType';
import { definitionKindOf, referenceSites } from '../../../server/src/schema/references/referenceSites';
import type { ReferenceSite } from '../../../server/src/schema/references/referenceSite';
import { NO_NODE } from '../../../server/src/syntax/tree/syntaxTree';
import { spellings } from './spellings';
import type { Field } from '../../../server/src/schema/table/messageDescription';

const label = (entry: ReferenceSite): string => `${entry.message}.${entry.field} (${entry.role} ${[entry.kind, ...entry.path].join(' ')})`;

describe('the table of sites', () => {
  test('names messages and fields that exist', () => {
    // meta_protocol_proxy is opaque: only its RouteAction is described.
    const wrong = referenceSites.filter((entry) => fieldOf(entry.message, entry.field) === undefined);
    expect(wrong.map(label)).toEqual([]);
  });

  test('paths to ConfigSources lead to ConfigSources', () => {
    const wrong = referenceSites.filter(
      (entry) => entry.delivery && endOf(entry.message, entry.delivery) !== 'envoy.config.core.v3.ConfigSource',
    );
    expect(wrong.map(label)).toEqual([]);
  });

  test('has no row twice', () => {
    const labels = referenceSites.map(label);
    expect(labels.filter((entry, index) => labels.indexOf(entry) !== index)).toEqual([]);
  });

  test('everything that is looked up in the proxy can be defined', () => {
    const defined = new Set(referenceSites.filter((entry) => entry.role !== 'reference').map((entry) => entry.kind));
    const wanted = referenceSites.filter((entry) => entry.role === 'reference' && entry.external === undefined);
    expect(wanted.filter((entry) => !defined.has(definitionKindOf(entry.kind))).map(label)).toEqual([]);
  });
});

describe.each(referenceSites.map((entry) => [label(entry), entry] as const))('%s', (_, entry) => {
  const name = nameFor(entry);
  for (const { name: spelling, tree } of spellings(exampleFor(entry, name)))
    test(`is found in ${spelling}`, () => {
      const found = collectReferences(tree, tree.roots[0] ?? NO_NODE, entry.message).filter((reference) => reference.site === entry);
      expect(found.map((reference) => reference.name)).toEqual([name]);
      const [reference] = found;
      expect(reference?.isKey).toBe(entry.place === 'key');
      expect(reference && (reference.isKey ? tree.key(reference.node) : String(tree.scalar(reference.node)))).toBe(name);
      if (entry.qualifierField) expect(reference?.qualifier).toBe('some.namespace');
    });
});

function fieldOf(message: string, name: string): Field | undefined {
  return messageType(message)?.fields.get(name);
}

function endOf(message: string, path: readonly string[]): string | undefined {
  return path.reduce<string | undefined>((at, name) => (at === undefined ? undefined : fieldOf(at, name)?.message), message);
}

function nameFor(entry: ReferenceSite): string {
  if (entry.kind === 'rate_limit_stage') return '7';
  if (entry.shape) return 'ns[bookinfo]-policy[productpage-viewer]-rule[0]';
  return 'a-name.of-it';
}

/** The smallest message in which the field names something. */
function exampleFor(entry: ReferenceSite, name: string): unknown {
  const field = fieldOf(entry.message, entry.field);
  const qualifier = entry.qualifierField ? { [entry.qualifierField]: 'some.namespace' } : {};
  if (entry.place === 'sibling') return { [entry.path[0] ?? '']: name, [entry.field]: {} };
  // An empty object under a runtime key is a layer of nothing.
  const leaf: unknown =
    entry.place === 'key' ? { [name]: entry.kind === 'runtime' ? 1 : {} } : entry.kind === 'rate_limit_stage' ? Number(name) : name;
  const value = [...entry.path].reverse().reduce((inner, step) => ({ [step]: inner }), leaf);
  return { ...qualifier, [entry.field]: field?.repeated ? [value] : value };
}
