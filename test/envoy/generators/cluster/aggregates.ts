/** Aggregate clusters in clusters: nested, with missing members, with priorities, over any kind of member; with subsets, and asked by sessions. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { cluster, endpoint, extension, httpChain, httpRequest, listener, often, tcpProxy, typed, virtualHost } from '../parts';

const priorities = fc.array(fc.array(fc.constantFrom('HEALTHY', 'UNHEALTHY', 'DEGRADED'), { minLength: 0, maxLength: 2 }), {
  minLength: 1,
  maxLength: 2,
});

const member = fc.record({ priorities, panic: fc.constantFrom(0, 0, 50), hasSubsets: fc.constantFrom(false, false, true) });

const SUBSETS: JsonObject = {
  lb_subset_config: { fallback_policy: 'DEFAULT_SUBSET', default_subset: { v: 'a' }, subset_selectors: [{ keys: ['v'] }] },
};

interface Member {
  readonly priorities: readonly (readonly string[])[];
  readonly panic: number;
  readonly hasSubsets: boolean;
}

function memberCluster(index: number, { priorities: levels, panic, hasSubsets }: Member): JsonObject {
  const versionOf = (at: number): JsonObject => ({ filter_metadata: { 'envoy.lb': { v: at === 0 ? 'a' : 'b' } } });
  const endpoints = levels.map((hosts, priority): JsonObject => ({
    locality: { zone: `z${priority}` },
    priority,
    lb_endpoints: hosts.map((health_status, host) =>
      endpoint(`10.200.${index}.${priority * 10 + host + 1}`, 9080, { health_status, metadata: versionOf(host + priority) }),
    ),
  }));
  const common_lb_config = { healthy_panic_threshold: { value: panic } };
  return cluster(index, { endpoints, fields: { common_lb_config, ...(hasSubsets ? SUBSETS : {}) } });
}

function aggregate(name: string, members: readonly string[]): JsonObject {
  const typed_config = typed('clusters.aggregate.v3.ClusterConfig', { clusters: members });
  return { name, connect_timeout: '1s', lb_policy: 'CLUSTER_PROVIDED', cluster_type: { name: 'envoy.clusters.aggregate', typed_config } };
}

const names = (all: readonly string[]): fc.Arbitrary<string[]> => fc.uniqueArray(fc.constantFrom(...all), { minLength: 1, maxLength: 3 });

/** It names a host of the first member; an aggregate has none itself. */
const session = fc.constantFrom<JsonObject[]>({}, { strict: true }).map((more) => {
  const session_state = {
    name: 'envoy.http.stateful_session.header',
    typed_config: typed('http.stateful_session.header.v3.HeaderBasedSessionState', { name: 'x-host' }),
  };
  return extension('session', 'filters.http.stateful_session.v3.StatefulSession', { session_state, ...more });
});
const HOST: [string, string] = ['x-host', Buffer.from('10.200.1.1:9080').toString('base64')];

export const aggregates: fc.Arbitrary<LabCase> = fc
  .record({
    members: fc.tuple(member, member, member),
    inner: names(['§c1', '§c2', '§c3']),
    outer: names(['§c1', '§c2', '§c3', '§inner', '§inner', '§missing']),
    raw: fc.boolean(),
    named: fc.option(session, { nil: undefined, freq: 2 }),
  })
  .map(({ members, inner, outer, raw, named }) => {
    const routes = [{ match: { prefix: '/' }, route: { cluster: '§outer' } }];
    const chain: JsonObject = raw
      ? { name: 'f', filters: [tcpProxy({ cluster: '§outer' })] }
      : httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, { httpFilters: named ? [named] : [] });
    return {
      area: 'aggregate_nested',
      listeners: [listener('l', [chain])],
      clusters: [...members.map((each, index) => memberCluster(index + 1, each)), aggregate('§inner', inner), aggregate('§outer', outer)],
      requests: often([httpRequest({ headers: [HOST] })], 40),
    };
  });
