/** Who balances the load: the cluster itself, or a policy of Envoy's, and both must say so (source/common/upstream/cluster_manager_impl.cc, …/upstream_impl.cc). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { typesOfCategory } from '../../../../schema/extensions/extensionCategories';
import { clusterExtensionOf } from '../../../../trace/cluster/discovery/clusterExtension';
import { addMember, replaceScalar } from '../../../writing/textChanges';
import { errorAt } from '../../problem';
import type { Problem, ProblemFix } from '../../rule';
import { clusterKindOf, loadBalancingOf } from './clusterKind';

const OWN = 'CLUSTER_PROVIDED';
const REDIS_NAME = 'envoy.clusters.redis';

/** Cluster types that choose endpoints themselves. */
const OWN_BALANCER = ['aggregate', 'dynamic_forward_proxy', 'composite', 'mcp_multicluster', 'original_dst', 'reverse_connection'];
/** Of these, those that `lb_policy` must say it for, even where it is not used. */
const STRICT = ['original_dst', 'reverse_connection'];
const PLAIN = ['static', 'strict_dns', 'logical_dns', 'eds', 'dns'];

/** What is wrong between the cluster's type, `lb_policy` and `load_balancing_policy`. */
export function checkProvided(cluster: ConfigNode): (Problem | undefined)[] {
  const type = clusterExtensionOf(cluster)?.name ?? clusterKindOf(cluster).toLowerCase();
  if (type === 'redis') return [redisName(cluster) ?? checkRedis(cluster)];
  if (PLAIN.includes(type)) return [checkPlain(cluster, nameOfType(cluster, type))];
  if (!OWN_BALANCER.includes(type)) return [];
  const isStrict = STRICT.includes(type);
  return [isStrict ? wrongPolicy(cluster, nameOfType(cluster, type)) : undefined, checkOwn(cluster, isStrict)];
}

/** Example: `type EDS`, `the type redis` */
function nameOfType(cluster: ConfigNode, type: string): string {
  return cluster.has('cluster_type') ? `the type ${type}` : `type ${type.toUpperCase()}`;
}

function wrongPolicy(cluster: ConfigNode, name: string): Problem | undefined {
  const policy = loadBalancingOf(cluster);
  const given = cluster.get('lb_policy');
  return policy === OWN || (!given && cluster.isIncomplete)
    ? undefined
    : errorAt(given ?? cluster, `The load balancing policy ${policy} is not valid for a cluster of ${name}: only ${OWN} is.`, {
        fix: () => provideOwn(cluster),
      });
}

/** A cluster that balances by itself: what is used must be `load_balancing_policy` with its policy, or `lb_policy`. */
function checkOwn(cluster: ConfigNode, isStrict: boolean): Problem | undefined {
  if (cluster.isIncomplete) return undefined;
  if (cluster.has('load_balancing_policy')) return checkOwnPolicy(cluster);
  return isStrict || loadBalancingOf(cluster) === OWN
    ? undefined
    : errorAt(cluster.get('lb_policy') ?? cluster, `This type of cluster provides its own load balancer: "lb_policy" must be ${OWN}.`, {
        fix: () => provideOwn(cluster),
      });
}

function checkOwnPolicy(cluster: ConfigNode): Problem | undefined {
  const used = usedPolicy(cluster);
  return used && !isProvided(used)
    ? errorAt(used, 'This type of cluster provides its own load balancer: the policy must be the extension cluster_provided.')
    : undefined;
}

function checkPlain(cluster: ConfigNode, name: string): Problem | undefined {
  const used = usedPolicy(cluster);
  if (used && isProvided(used)) return errorAt(used, `A cluster of ${name} provides no load balancer.`);
  return loadBalancingOf(cluster) === OWN && !cluster.has('load_balancing_policy')
    ? errorAt(cluster.get('lb_policy') ?? cluster, `${OWN} is specified, but a cluster of ${name} provides no load balancer.`)
    : undefined;
}

/** redis_cluster.cc: it has a balancer of its own where `lb_policy` asks for it. */
function checkRedis(cluster: ConfigNode): Problem | undefined {
  if (!cluster.has('load_balancing_policy') || cluster.isIncomplete) return undefined;
  return loadBalancingOf(cluster) === OWN ? checkOwnPolicy(cluster) : checkPlain(cluster, `the type redis whose "lb_policy" is not ${OWN}`);
}

function redisName(cluster: ConfigNode): Problem | undefined {
  const custom = cluster.get('cluster_type');
  return custom && !cluster.isIncomplete && custom.string('name') !== REDIS_NAME
    ? errorAt(custom.get('name') ?? custom, `A Redis cluster must have the cluster type "${REDIS_NAME}" as its name.`)
    : undefined;
}

function provideOwn(cluster: ConfigNode): ProblemFix | undefined {
  const given = cluster.get('lb_policy');
  const changes = given ? replaceScalar(given, OWN) : addMember(cluster, 'lb_policy', OWN);
  return changes && { title: `Set "lb_policy": ${OWN}`, changes };
}

/** The policy of `load_balancing_policy` that is used: the first that Envoy has. */
function usedPolicy(cluster: ConfigNode): ConfigNode | undefined {
  const policies = cluster.get('load_balancing_policy')?.list('policies') ?? [];
  return policies.find((policy) => typesOfCategory('load_balancing_policies').has(typeOfPolicy(policy)));
}

function isProvided(policy: ConfigNode): boolean {
  return typeOfPolicy(policy).includes('.cluster_provided.');
}

function typeOfPolicy(policy: ConfigNode): string {
  return readTyped(policy.path('typed_extension_config', 'typed_config') ?? policy).type;
}
