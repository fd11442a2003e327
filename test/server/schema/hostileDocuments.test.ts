import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectReferences } from '../../../server/src/schema/references/collectReferences';
import { schemaAt } from '../../../server/src/schema/walk/schemaAt';
import { parseJson } from '../../../server/src/syntax/json/parseJson';

const keys = [
  '@type',
  'type_url',
  'value',
  'typed_config',
  'config',
  'name',
  'filters',
  'filterChains',
  'cluster',
  'route',
  'routes',
  'metadata',
  '__proto__',
  'constructor',
  '',
];
const scalars = [
  'type.googleapis.com/envoy.config.listener.v3.Listener',
  'x/udpa.type.v1.TypedStruct',
  'x/google.protobuf.Any',
  'x/google.protobuf.Struct',
  'envoy.http_connection_manager',
  '/',
  '',
];
const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(...scalars, 0, true, null),
    fc.array(tie('document'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.constantFrom(...keys), tie('document')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

describe('any document', () => {
  test('is walked to its end, whole or cut off, as whatever message', () => {
    const messages = ['', 'envoy.config.listener.v3.Listener', 'google.protobuf.Any', 'envoy.config.core.v3.Metadata', 'no.such.Message'];
    fc.assert(
      fc.property(document, fc.constantFrom(...messages), fc.double({ min: 0, max: 1, noNaN: true }), (value, message, share) => {
        const text = JSON.stringify(value);
        for (const part of [text, text.slice(0, Math.floor(text.length * share))]) {
          const tree = parseJson('a.json', part);
          for (const root of tree.roots) {
            for (const { node, name, isKey } of collectReferences(tree, root, message))
              expect(isKey ? tree.key(node) : String(tree.scalar(node))).toBe(name);
            for (let node = root; node < tree.size; node++) schemaAt(tree, root, message, node);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
