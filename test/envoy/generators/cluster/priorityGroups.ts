/** Clusters of priority groups: the first group is drawn from, by weight, header or hash. */
import fc from 'fast-check';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, extension, httpChain, listener, often, optional, plainRequest, virtualHost } from '../parts';

const entry = fc.tuple(fc.constantFrom('§c1', '§c2', '§c3'), fc.constantFrom(1, 2, 50));
const group = fc
  .uniqueArray(entry, { minLength: 1, maxLength: 3, selector: ([name]) => name })
  .map((all): Json => all.map(([cluster_name, weight]) => ({ cluster_name, weight })));
const specifier = fc
  .tuple(
    fc.array(group, { minLength: 1, maxLength: 3 }),
    fc.constantFrom<JsonObject[]>({}, {}, { header_name: 'y' }, { use_hash_policy: true }, { use_hash_policy: false }),
    optional({ override_metadata_namespace: fc.constant('nothing.of.this.name') }),
  )
  .map(([groups, drawn, more]) =>
    extension('plugin', 'router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier', {
      priority_groups: groups.map((each, index) => ({ name: `g${index}`, clusters: each })),
      ...drawn,
      ...more,
    }),
  );

export const priorityGroups: fc.Arbitrary<LabCase> = fc
  .record({
    specifier,
    hashes: fc.boolean(),
    inline: fc.boolean(),
    requests: fc.array(plainRequest, { minLength: 3, maxLength: 6 }),
  })
  .map(({ specifier: own, hashes, inline, requests }) => {
    const plugin: JsonObject = { extension: own };
    const named: JsonObject = inline ? { inline_cluster_specifier_plugin: plugin } : { cluster_specifier_plugin: 'plugin' };
    const route = { ...named, ...(hashes ? { hash_policy: [{ header: { header_name: 'x' } }] } : {}) };
    const routes = {
      virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route }])],
      ...(inline ? {} : { cluster_specifier_plugins: [plugin] }),
    };
    return {
      area: 'priority_group',
      listeners: [listener('l', [httpChain(routes)])],
      clusters: clusters(3),
      requests: often(requests, 12),
    };
  });
