/** Aggregate clusters in clusters: nested, with missing members, with priorities, over any kind of member. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { cluster, endpoint, httpChain, httpRequest, listener, often, tcpProxy, typed, virtualHost } from '../parts';

const priorities = fc.array(fc.array(fc.constantFrom('HEALTHY', 'UNHEALTHY', 'DEGRADED'), { minLength: 0, maxLength: 2 }), {
  minLength: 1,
  maxLength: 2,
});

const member = fc.record({ priorities, panic: fc.constantFrom(0, 0, 50) });

function memberCluster(index: number, { priorities: levels, panic }: { priorities: string[][]; panic: number }): JsonObject {
  const endpoints = levels.map((hosts, priority): JsonObject => ({
    locality: { zone: `z${priority}` },
    priority,
    lb_endpoints: hosts.map((health_status, host) => endpoint(`10.200.${index}.${priority * 10 + host + 1}`, 9080, { health_status })),
  }));
  return cluster(index, { endpoints, fields: { common_lb_config: { healthy_panic_threshold: { value: panic } } } });
}

function aggregate(name: string, members: readonly string[]): JsonObject {
  const typed_config = typed('clusters.aggregate.v3.ClusterConfig', { clusters: members });
  return { name, connect_timeout: '1s', lb_policy: 'CLUSTER_PROVIDED', cluster_type: { name: 'envoy.clusters.aggregate', typed_config } };
}

const names = (all: readonly string[]): fc.Arbitrary<string[]> => fc.uniqueArray(fc.constantFrom(...all), { minLength: 1, maxLength: 3 });

export const aggregates: fc.Arbitrary<LabCase> = fc
  .record({
    members: fc.tuple(member, member, member),
    inner: names(['§c1', '§c2', '§c3']),
    outer: names(['§c1', '§c2', '§c3', '§inner', '§inner', '§missing']),
    raw: fc.boolean(),
  })
  .map(({ members, inner, outer, raw }) => {
    const routes = [{ match: { prefix: '/' }, route: { cluster: '§outer' } }];
    const chain: JsonObject = raw
      ? { name: 'f', filters: [tcpProxy({ cluster: '§outer' })] }
      : httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] });
    return {
      area: 'aggregate_nested',
      listeners: [listener('l', [chain])],
      clusters: [...members.map((each, index) => memberCluster(index + 1, each)), aggregate('§inner', inner), aggregate('§outer', outer)],
      requests: often([httpRequest({})], 40),
    };
  });
