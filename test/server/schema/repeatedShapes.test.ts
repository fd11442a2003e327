import { describe, expect, test } from 'vitest';
import { collectReferences, ReferenceCollector } from '../../../server/src/schema/references/collectReferences';
import { nameText, isKeyCode, siteOfCode } from '../../../server/src/schema/references/referenceTape';
import { messageOfKind } from '../../../server/src/index/names/collectNames';
import { parseJson } from '../../../server/src/syntax/json/parseJson';
import { readShared, sharedFiles, hasShared } from '../syntax/treeChecks';
import { readDocumentFacts } from '../../../server/src/index/readDocumentFacts';

const CLUSTER = 'envoy.config.cluster.v3.Cluster';

/** The names of messages read one after another, and of each read by itself. */
function namesOf(messages: readonly object[], message = CLUSTER): { together: string[]; alone: string[] } {
  const tree = parseJson('memory:a.json', JSON.stringify(messages));
  const collector = new ReferenceCollector(tree);
  const { tape } = collector;
  const nodes = tree.children(0);
  for (const node of nodes) collector.collect(node, message);
  const together = Array.from({ length: tape.size }, (_, index) => {
    const code = tape.sites[index] ?? 0;
    const node = tape.nodes[index] ?? 0;
    const { kind, role } = siteOfCode(code);
    return `${role} ${kind} ${tape.joined.get(index) ?? nameText(tree, node, isKeyCode(code))} at ${node} in ${tape.scopes[index]}`;
  });
  const alone = nodes.flatMap((node) =>
    collectReferences(tree, node, message).map(
      ({ site, kind, name, node: at, scopeNode }) => `${site.role} ${kind} ${name} at ${at} in ${scopeNode}`,
    ),
  );
  return { together, alone };
}

const eds = (name: string, service: unknown) => ({
  name,
  type: 'EDS',
  eds_cluster_config: { service_name: service, eds_config: { ads: {}, initial_fetch_timeout: '0s' } },
  transport_socket_matches: [{ name: 'tls', match: { mode: 'istio' }, transport_socket: { name: 'raw' } }],
});
const tls = (type: string) => ({
  name: 'c',
  transport_socket: {
    name: 'tls',
    typed_config: {
      '@type': `type.googleapis.com/envoy.extensions.transport_sockets.${type}`,
      common_tls_context: { tls_certificate_sds_secret_configs: [{ name: 'default', sds_config: { ads: {} } }] },
    },
  },
});

describe('names of messages of one shape', () => {
  test.each([
    ['with other names', [eds('a', 'x'), eds('b', 'y'), eds('c', 'z')]],
    ['one of them without a name', [eds('a', 'x'), eds('', ''), eds('c', 'z')]],
    ['the first of them without a name', [eds('', ''), eds('b', 'y'), eds('c', 'z')]],
    ['null in place of a name', [eds('a', 'x'), eds('b', null), eds('c', 'z')]],
    [
      'of other types under the same keys',
      [tls('tls.v3.UpstreamTlsContext'), tls('raw_buffer.v3.RawBuffer'), tls('tls.v3.UpstreamTlsContext')],
    ],
    [
      'the same keys in another nesting',
      [
        { name: 'a', metadata: { filter_metadata: { x: {} } } },
        { name: 'a', metadata: { filter_metadata: {} }, x: {} },
      ],
    ],
  ])('%s', (_, messages) => {
    const { together, alone } = namesOf(messages);
    expect(together).toEqual(alone);
    expect(together.length).toBeGreaterThan(0);
  });

  test('runtime keys are joined in each', () => {
    const layer = (a: number) => ({ name: 'l', static_layer: { a: { b: a, c: { d: a, e: a } }, f: a } });
    const { together, alone } = namesOf([layer(1), layer(2)], 'envoy.config.bootstrap.v3.RuntimeLayer');
    expect(together).toEqual(alone);
    expect(together.filter((name) => name.includes(' a.c.e '))).toHaveLength(2);
  });
});

describe.skipIf(!hasShared)('every dump of the corpus (needs ../shared): names read together are those of each resource alone', () => {
  test.each(sharedFiles('corpus', '.json').map((file) => [file]))(
    '%s',
    (file) => {
      const { tree, parts, names } = readDocumentFacts({ uri: file, text: readShared(file) });
      const found = new Set(names.slice().map(({ node, site, name, scopeNode }) => `${node} ${site.number} ${name} ${scopeNode}`));
      const resources = parts.flatMap((part) => part.resources).filter(({ kind }) => kind !== 'istio_resource' && kind !== 'bootstrap');
      for (const { node, kind } of resources)
        for (const each of collectReferences(tree, node.id, messageOfKind(kind)))
          expect(found.has(`${each.node} ${each.site.number} ${each.name} ${each.scopeNode}`), `${file} ${each.name}`).toBe(true);
    },
    60_000,
  );
});
