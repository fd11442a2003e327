import { describe, expect, test } from 'vitest';
import { schemaAt, type NodeSchema } from '../../../server/src/schema/walk/schemaAt';
import { NO_NODE } from '../../../server/src/syntax/tree/syntaxTree';
import { spellings } from './spellings';

const tcpProxy = 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
const cluster = {
  name: 'c',
  health_checks: [{ timeout: '1s' }],
  metadata: { filter_metadata: { istio: { services: [] } } },
  bogus: { x: 1 },
  filters: [
    { name: 'f', typed_config: { '@type': `x/${tcpProxy}`, cluster: 'd', nope: 1 } },
    { name: 'g', typed_config: { '@type': 'x/no.such.T', deep: { er: 1 } } },
  ],
};

function at(...path: (string | number)[]): NodeSchema | undefined {
  const [first, ...others] = spellings(cluster).map(({ tree }) => {
    let node = tree.roots[0] ?? NO_NODE;
    for (const step of path) {
      const camel = String(step).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const children = tree.children(node);
      node =
        typeof step === 'number'
          ? (children[step] ?? NO_NODE)
          : (children.find((child) => [step, camel].includes(tree.key(child) ?? '')) ?? NO_NODE);
    }
    expect(node).not.toBe(NO_NODE);
    return schemaAt(tree, tree.roots[0] ?? NO_NODE, 'envoy.config.cluster.v3.Cluster', node);
  });
  for (const other of others) expect(brief(other)).toEqual(brief(first));
  return first;
}

function brief(schema: NodeSchema | undefined): unknown {
  return (
    schema && [schema.message?.name, schema.enclosing?.name, schema.owner?.name, schema.field?.name, schema.isItem, schema.unknownType]
  );
}

describe('schemaAt', () => {
  const name = 'envoy.config.cluster.v3.Cluster';
  const check = 'envoy.config.core.v3.HealthCheck';
  const filter = 'envoy.config.cluster.v3.Filter';
  test('of the root', () => expect(brief(at())).toEqual([name, undefined, undefined, undefined, false, undefined]));
  test('of a scalar field', () => expect(brief(at('name'))).toEqual([undefined, name, name, 'name', false, undefined]));
  test('of a list', () => expect(brief(at('health_checks'))).toEqual([undefined, name, name, 'health_checks', false, undefined]));
  test('of an item', () => expect(brief(at('health_checks', 0))).toEqual([check, name, name, 'health_checks', true, undefined]));
  test('in an item', () =>
    expect(brief(at('health_checks', 0, 'timeout'))).toEqual([undefined, check, check, 'timeout', false, undefined]));
  test('behind Any', () => {
    expect(brief(at('filters', 0, 'typed_config'))).toEqual([tcpProxy, filter, filter, 'typed_config', false, undefined]);
    expect(brief(at('filters', 0, 'typed_config', 'cluster'))).toEqual([undefined, tcpProxy, tcpProxy, 'cluster', false, undefined]);
    expect(brief(at('filters', 0, 'typed_config', '@type'))).toEqual([undefined, tcpProxy, undefined, undefined, false, undefined]);
  });
  test('of an unknown field: the message that has it not', () =>
    expect(brief(at('filters', 0, 'typed_config', 'nope'))).toEqual([undefined, tcpProxy, undefined, undefined, false, undefined]));
  test('of a map value', () =>
    expect(brief(at('metadata', 'filter_metadata', 'istio'))).toEqual([
      undefined,
      'envoy.config.core.v3.Metadata',
      'envoy.config.core.v3.Metadata',
      'filter_metadata',
      true,
      undefined,
    ]));
  test('inside a Struct and an unknown field nothing is known', () => {
    expect(at('metadata', 'filter_metadata', 'istio', 'services')).toBeUndefined();
    expect(at('bogus', 'x')).toBeUndefined();
  });
  test('inside an unknown type its name is', () => expect(at('filters', 1, 'typed_config', 'deep', 'er')?.unknownType).toBe('no.such.T'));
});
